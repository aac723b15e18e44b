"""A folder of parks in, the province's result out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from greenland.errors import InputError, Problem, Severity
from greenland.history import Entry
from greenland.i18n import _
from greenland.province.config import ProvinceConfig, read_province
from greenland.province.folders import ParkFolder, park_folders
from greenland.province.goals import goals
from greenland.province.member import Failed, Member
from greenland.province.movement import Bounds, moves_as_reported, moves_by_score
from greenland.province.outliers import outliers
from greenland.province.park_work import ParkTask, members_of_folders
from greenland.province.pilots import pilots
from greenland.province.previous import folder_entries, kept_entries, report_entries
from greenland.province.ranking import Ranking, rank
from greenland.province.result import ProvinceResult
from greenland.province.same_site import same_sites
from greenland.province.totals import disposal_by_year, sales_by_year, totals
from greenland.rules import Rulebook, load_rulebook
from greenland.workers import Watch


def evaluate(
    folder: Path | str,
    *,
    out: Path | None = None,
    length: str | None = None,
    energy: bool = True,
    previous: Path | None = None,
    history: str | None = None,
    watch: Watch | None = None,
    tell: Callable[[Failed], None] | None = None,
) -> ProvinceResult:
    """Evaluate every park folder below one, and compare and add up what came out.

    Parameters
    ----------
    folder : path
        Holds a folder for each park, and ``province.yaml`` if there is more to say.
    out : Path, optional
        Folder of the report, to which links are relative and below which those of parks are
        written.
    length : {"brief", "standard"}, optional
        Length of the parks' reports; none are written when left out.
    energy : bool
        Whether energy cases are sized.
    previous : Path, optional
        Last year's results: a ``province.json``, the folder of a report of the province, or a
        folder of park folders.
    history : str, optional
        A history that keeps the years before; read only.
    watch : callable, optional
        Told how many folders are done, how many there are, and the names of those under way,
        from whichever thread.
    tell : callable, optional
        Told of each folder no results came out of, when that is known.

    Returns
    -------
    ProvinceResult

    Raises
    ------
    InputError
        If there is no park folder, ``province.yaml`` is faulty, no park has results, or *previous*
        or *history* cannot be read. Faults of a park are its own and stand in ``failed``.
    """
    folder = Path(folder)
    config = read_province(folder)
    folders = park_folders(folder, out)
    # a wrong file is told before the parks are evaluated, which may take long
    reported = None if previous is None else report_entries(previous)
    tasks = [ParkTask(item, out, length, energy) for item in folders]
    names = [item.name for item in folders]
    found = members_of_folders(tasks, names, watch=watch, tell=tell)
    members = [one for one in found if isinstance(one, Member)]
    failed = [one for one in found if isinstance(one, Failed)]
    if not members:
        raise InputError(_no_park(folder, failed))
    year = config.year or _most_common(member.entry.year for member in members)
    earlier = [] if history is None else kept_entries(history, year)
    if reported is not None:
        earlier += reported
    elif previous is not None:
        given, lost = folder_entries(previous, watch=watch, tell=tell)
        failed += lost
        earlier += given
    return compare(members, failed, folders, config, year, earlier)


def compare(
    members: Sequence[Member],
    failed: Sequence[Failed],
    folders: Sequence[ParkFolder],
    config: ProvinceConfig,
    year: int,
    earlier: Iterable[Entry] = (),
) -> ProvinceResult:
    """Compare and add up parks that were evaluated.

    Parameters
    ----------
    members, failed : sequences
        What came out of the folders.
    folders : sequence of ParkFolder
    config : ProvinceConfig
    year : int
        Assessed year.
    earlier : iterable of Entry
        Key results of years before; of two of one park and year the later one counts.
    """
    of_year = [member for member in members if member.entry.year == year]
    same, counted = same_sites(of_year)
    rules = _rulebook(config, counted or members, year)
    bounds = Bounds.of(rules)
    kept = {entry.key: entry for entry in earlier}
    rankings = _rankings(counted, kept.values(), year, config.weights)
    last_year = {entry.park: entry for entry in kept.values() if entry.year == year - 1}
    of = max(config.parks or len(folders), len(counted))
    return ProvinceResult(
        name=config.name or str(_("全部园区")),
        year=year,
        of=of,
        members=tuple(counted),
        other_years=tuple(member for member in members if member.entry.year != year),
        failed=tuple(failed),
        ranking=rankings[year],
        before=rankings.get(year - 1),
        moves=tuple(moves_by_score(counted, rankings, year, bounds)),
        reported=tuple(moves_as_reported(counted, kept, year, bounds)),
        bounds=bounds,
        totals=tuple(totals(counted, of, last_year)),
        sales=tuple(sales_by_year(counted, year)),
        disposal=tuple(disposal_by_year(counted, year)),
        goals=tuple(goals(counted, of, rules, config.figures, kept)),
        pilots=tuple(pilots(counted)),
        outliers=tuple(outliers(counted)),
        same=tuple(same),
        rules=rules,
        weights=config.weights,
    )


def _rankings(
    counted: Sequence[Member], kept: Iterable[Entry], year: int, weights: Mapping[str, float]
) -> dict[int, Ranking]:
    """The ranking of each year; parks whose level and type are not known are not compared."""
    reasons = {member.entry.key: member.reasons for member in counted}
    found = {
        year: rank(
            [member.entry for member in counted],
            weights,
            lambda entry, key: reasons[entry.key].get(key, ""),
        )
    }
    by_year: dict[int, list[Entry]] = {}
    for entry in kept:
        if entry.level and entry.type and entry.year < year:
            by_year.setdefault(entry.year, []).append(entry)
    return found | {when: rank(entries, weights) for when, entries in by_year.items()}


def _rulebook(config: ProvinceConfig, members: Sequence[Member], year: int) -> Rulebook:
    """Rules of the province: its own packs, or all those its parks name, the general first."""
    if config.rules is not None:
        return load_rulebook(config.rules.packs, year, overrides=config.rules.overrides)
    place: dict[str, int] = {}
    for member in members:
        for position, pack in enumerate(member.packs):
            place[pack] = max(place.get(pack, 0), position)
    packs = sorted(place, key=lambda pack: (place[pack], pack))
    return load_rulebook(packs, year)


def _most_common(years: Iterable[int]) -> int:
    """The year of most parks; of several the latest."""
    counts = Counter(years)
    return max(counts, key=lambda year: (counts[year], year))


def _no_park(folder: Path, failed: Sequence[Failed]) -> list[Problem]:
    head = Problem(
        Severity.ERROR,
        "province_failed",
        _("{count} 个文件夹都没有评价结果。", count=len(failed)),
        _("请逐个用 greenland validate 检查。"),
        file=str(folder),
    )
    each = [Problem(Severity.ERROR, "province_park", one.reason, file=one.folder) for one in failed]
    return [head, *each]
