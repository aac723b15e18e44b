"""Scenarios kept as cards: small files of settings beside the case, compared side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from greenland.energy.case.book.cells import as_yaml
from greenland.energy.compare import Comparison, compare
from greenland.energy.workbench.method import CARD_NAME_CHARS
from greenland.energy.workbench.workbench import Workbench
from greenland.errors import InputError, Problem, Severity, input_error, unwritable
from greenland.files import write_text
from greenland.i18n import _
from greenland.results import plain_value
from greenland.yamlfile import read_model

FOLDER = "scenarios"
"""Folder of the cards, beside the case."""
FORBIDDEN = frozenset('<>:"/\\|?*')
"""Characters a file name may not have on some system."""
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)


class _CardFile(BaseModel):
    """A card as it stands in its file."""

    model_config = ConfigDict(extra="forbid")

    case: str
    name: Annotated[str, Field(min_length=1, max_length=CARD_NAME_CHARS)]
    saved: str = ""
    note: Annotated[str, Field(max_length=1000)] = ""
    settings: dict[str, Any] = {}


@dataclass(frozen=True)
class Card:
    """A scenario that is kept.

    Parameters
    ----------
    name : str
    case : str
        Name of the file of the case it belongs to.
    settings : mapping of knob to setting
    note : str
    saved : str
        When, in local time: ``2026-01-31T09:30:00``; empty where the file does not say.
    """

    name: str
    case: str
    settings: Mapping[str, Any]
    note: str = ""
    saved: str = ""

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "name": self.name,
            "case": self.case,
            "settings": dict(plain_value(dict(self.settings))),
            "note": self.note,
            "saved": self.saved,
        }


class Cards:
    r"""The cards of one case.

    Parameters
    ----------
    bench : Workbench
        Of the case; its folder holds the cards in ``scenarios``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from greenland.energy.workbench import Cards, Workbench
    >>> times = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> curve = pd.Series(0.5, index=times.rename("时间"), name="负荷(MW)")
    >>> case = "load: load.csv\ngrid: {import_price: 0.5}\nyear: 2025\n"
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     _ = curve.to_csv(folder / "load.csv")
    ...     _ = (folder / "case.yaml").write_text(case, encoding="utf-8")
    ...     cards = Cards(Workbench.of_file(folder / "case.yaml"))
    ...     _ = cards.save("dear", {"grid.import_price": 0.6})
    ...     compared = cards.compare(["dear"])
    >>> next(row.values for row in compared.rows if row.item == "grid.import_price")
    (0.5, 0.6)
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.folder = bench.source.folder / FOLDER

    def all(self) -> tuple[list[Card], list[Problem]]:
        """Every card of the case in the order they were saved, and what is wrong with others."""
        cards: list[tuple[tuple[str, int], Card]] = []
        problems: list[Problem] = []
        for path in sorted(self.folder.glob("*.yaml")) if self.folder.is_dir() else ():
            try:
                found = read_model(path, _CardFile)
            except InputError as error:
                problems += error.problems
                continue
            if found.case == self.bench.source.file:
                card = Card(found.name, found.case, found.settings, found.note, found.saved)
                cards.append(((found.saved, path.stat().st_mtime_ns), card))
        return [card for _when, card in sorted(cards, key=lambda item: item[0])], problems

    def get(self, name: str) -> Card:
        """A card by its name.

        Raises
        ------
        InputError
        """
        cards, _problems = self.all()
        for card in cards:
            if card.name == name:
                return card
        raise input_error(
            "card_unknown",
            _("没有名为“{name}”的情景。", name=name),
            got=name,
            allowed="、".join(card.name for card in cards),
        )

    def save(
        self, name: str, settings: Mapping[str, Any], *, note: str = "", force: bool = False
    ) -> Card:
        """Keep settings under a name.

        Parameters
        ----------
        name : str
            Also that of the file.
        settings : mapping of knob to setting
        note : str
        force : bool
            Whether a card of that name is replaced.

        Raises
        ------
        InputError
            For a name no file can have, one that is taken, and settings the case refuses.
        """
        name = " ".join(name.split())
        self._require_name(name)
        self.bench.changes(settings)
        path = self.folder / f"{name}.yaml"
        if path.exists() and not force:
            raise input_error(
                "card_taken",
                _("已有名为“{name}”的情景。", name=name),
                remedy=_("请换一个名称，或选择覆盖。"),
                file=f"{FOLDER}/{path.name}",
            )
        now = dt.datetime.now().isoformat(timespec="seconds")
        card = Card(name, self.bench.source.file, dict(settings), note.strip(), now)
        text = as_yaml({key: value for key, value in card.to_record().items() if value != ""})
        try:
            write_text(path, text)
        except OSError as error:
            raise unwritable(path, error) from error
        return card

    def remove(self, name: str) -> None:
        """Take a card away.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        card = self.get(name)
        for path in self.folder.glob("*.yaml"):
            try:
                found = read_model(path, _CardFile)
            except InputError:
                continue
            if (found.name, found.case) == (card.name, card.case):
                path.unlink()

    def compare(self, names: Sequence[str], *, with_base: bool = True) -> Comparison:
        """Evaluate cards in full and lay them side by side.

        Parameters
        ----------
        names : sequence of str
        with_base : bool
            Whether the case as it stands comes first.

        Raises
        ------
        InputError
        """
        cards = [self.get(name) for name in names]
        results = {}
        if with_base:
            title = self.bench.source.tree.get("name") or Path(self.bench.source.file).stem
            results[str(_("原案例：{name}", name=str(title)))] = self.bench.evaluate({})
        for card in cards:
            results[card.name] = self.bench.evaluate(card.settings)
        return compare(results)

    def export(self, name: str, *, force: bool = False) -> Path:
        """Write a card as a case file of its own beside the case, so that its curves are found.

        Raises
        ------
        InputError
            If a file of that name is there already.
        """
        card = self.get(name)
        path = self.bench.source.folder / f"{card.name}.yaml"
        if path.exists() and not force:
            raise input_error(
                "card_exported",
                _("文件 {file} 已经存在。", file=path.name),
                remedy=_("请先移走，或选择覆盖。"),
                file=path.name,
            )
        try:
            return write_text(path, self.bench.case_text(card.settings, name=card.name))
        except OSError as error:
            raise unwritable(path, error) from error

    def _require_name(self, name: str) -> None:
        """Refuse a name that is no file name on some system, or that of the case itself."""
        stem = name.split(".")[0].casefold()
        own = Path(self.bench.source.file).stem.casefold()
        odd = (
            not name
            or len(name) > CARD_NAME_CHARS
            or name.startswith(".")
            or name.endswith(".")
            or any(sign in FORBIDDEN or not sign.isprintable() for sign in name)
            or stem in RESERVED
        )
        if odd or stem in (own, "park", "case"):
            problem = Problem(
                Severity.ERROR,
                "card_name",
                _("情景名称“{name}”不能作文件名。", name=name[:CARD_NAME_CHARS]),
                _("请用汉字、字母、数字，不含 {signs}，不与案例同名。", signs=r'< > : " / \ | ? *'),
                got=name[:CARD_NAME_CHARS],
            )
            raise InputError([problem])
