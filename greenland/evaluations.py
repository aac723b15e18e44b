"""The one table of the evaluations: keys, titles, what each takes, where it runs and is reported.

Whatever needs to go through the evaluations goes through `EVALUATIONS`: the assessment runs
them in this order, the command line, the report and the checks of the input name them by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.summary import listed


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation of a park.

    Parameters
    ----------
    key : str
        In the results record and in what problems touch, such as ``"land.per_mu"``.
    title : str
        Message; the full name.
    short : str
        Message; the name where evaluations are listed, as in what a problem touches.
    module : str
        Holds ``evaluate``, which takes the park and, by name, the results of `takes`.
    chapter : str
        Module of ``greenland.report.sections``; evaluations may share one.
    takes : tuple of str
        Keys of the evaluations whose results it uses; all stand above it in the table.
    supplement : str
        Attribute of the park it checks: made wherever the park has it, with nobody asking, and
        no part of the report by itself. Empty: an evaluation one asks for.
    sheets : tuple of str
        Sheets of the workbook of which one must have rows: a park without them has no part of
        this name, and nobody is told that it is missing. Empty: it needs none in particular.
    by_row : bool
        It judges parcels, firms, projects or years one by one, so that an error in a row costs
        the verdict on that row only.
    command : str
        Under ``greenland land``; empty: none.
    main_table : str
        Table of the result that ``--csv`` of the command writes.
    command_help : str
        Message; what the command prints.
    """

    key: str
    title: str
    short: str
    module: str
    chapter: str
    takes: tuple[str, ...] = ()
    supplement: str = ""
    sheets: tuple[str, ...] = ()
    by_row: bool = False
    command: str = ""
    main_table: str = ""
    command_help: str = ""

    @property
    def name(self) -> str:
        """The key without its programme: ``"per_mu"`` of ``"land.per_mu"``."""
        return self.key.rpartition(".")[2]

    @property
    def is_land(self) -> bool:
        """Whether it belongs to the land programme."""
        return self.key.startswith("land.")


_ALL = (
    Evaluation(
        key="land.standard_land",
        title=N_("“标准地”履约"),
        short=N_("标准地"),
        module="greenland.land.standard_land",
        chapter="standard_land",
        by_row=True,
        command="standard-land",
        main_table="parcels",
        command_help=N_("“标准地”履约：逐宗逐指标。"),
    ),
    Evaluation(
        key="land.per_mu",
        title=N_("亩均效益"),
        short=N_("亩均效益"),
        module="greenland.land.per_mu",
        chapter="per_mu",
        by_row=True,
        command="per-mu",
        main_table="firms",
        command_help=N_("亩均效益：逐企业指标、得分和分类。"),
    ),
    Evaluation(
        key="land.review",
        title=N_("土地节约集约利用评价"),
        short=N_("年度评价"),
        module="greenland.land.review",
        chapter="review",
        command="review",
        main_table="indicators",
        command_help=N_("土地节约集约利用评价：指标、得分、潜力。"),
    ),
    Evaluation(
        key="land.stock",
        title=N_("存量土地台账"),
        short=N_("存量土地"),
        module="greenland.land.stock",
        chapter="stock",
        by_row=True,
        takes=("land.per_mu", "land.standard_land"),
        command="stock",
        main_table="totals",
        command_help=N_("存量土地：批而未供、闲置、低效三本台账。"),
    ),
    Evaluation(
        key="land.exit",
        title=N_("动态评估与退出"),
        short=N_("退出"),
        module="greenland.land.exit",
        chapter="exit",
        by_row=True,
        takes=("land.per_mu", "land.standard_land", "land.stock"),
        command="exit",
        main_table="parcels",
        command_help=N_("动态评估：每宗地保留、提升、监管或退出。"),
    ),
    Evaluation(
        key="land.admission",
        title=N_("项目准入"),
        short=N_("项目准入"),
        module="greenland.land.admission",
        chapter="admission",
        by_row=True,
        takes=("land.per_mu",),
        command="admission",
        main_table="projects",
        command_help=N_("项目准入：逐项目结论和余量。"),
    ),
    Evaluation(
        key="land.reallocation",
        title=N_("再配置"),
        short=N_("再配置"),
        module="greenland.land.reallocate",
        chapter="exit",
        by_row=True,
        takes=("land.stock", "land.exit", "land.admission"),
        command="reallocate",
        main_table="projects",
        command_help=N_("再配置：腾退和存量土地与储备项目的最优匹配。"),
    ),
    Evaluation(
        key="land.policy",
        title=N_("差别化政策与指标"),
        short=N_("政策兑现"),
        module="greenland.land.policy",
        chapter="policy",
        by_row=True,
        takes=("land.review", "land.stock", "land.per_mu", "land.standard_land"),
        command="policy",
        main_table="measures",
        command_help=N_("差别化政策与计划指标：措施、依据和事实。"),
    ),
    Evaluation(
        key="land.geometry",
        title=N_("宗地图形核对"),
        short=N_("宗地图形"),
        module="greenland.land.geometry",
        chapter="exit",
        supplement="geometry",
    ),
    Evaluation(
        key="energy",
        title=N_("绿电直连规模测算"),
        short=N_("能源"),
        module="greenland.energy.evaluate",
        chapter="energy",
    ),
    Evaluation(
        key="outlook",
        title=N_("年度电力供需分析"),
        short=N_("电力供需"),
        module="greenland.outlook",
        chapter="outlook",
        takes=("land.per_mu", "energy"),
        sheets=("firm_energy", "power_facilities", "power_months"),
        command="outlook",
        main_table="firms",
        command_help=N_("年度电力供需：逐月平衡、缺口、有序用电和碳账户。"),
    ),
    Evaluation(
        key="account",
        title=N_("园区碳账户"),
        short=N_("碳账户"),
        module="greenland.outlook.account",
        chapter="account",
        by_row=True,
        sheets=("firm_energy",),
    ),
)

EVALUATIONS: Mapping[str, Evaluation] = MappingProxyType({item.key: item for item in _ALL})
LAND: tuple[Evaluation, ...] = tuple(item for item in _ALL if item.is_land)
ASKED: tuple[Evaluation, ...] = tuple(
    item for item in _ALL if not item.supplement and not item.sheets
)
OPTIONAL: tuple[Evaluation, ...] = tuple(item for item in _ALL if item.sheets)


def with_inputs(key: str) -> frozenset[str]:
    """The evaluation and, through all of them, those whose results it uses.

    Raises
    ------
    KeyError
        If there is no such evaluation.
    """
    direct = EVALUATIONS[key].takes
    return frozenset({key}).union(*(with_inputs(other) for other in direct))


def known_keys(keys: Collection[str]) -> frozenset[str]:
    """The keys of evaluations that were asked for; one key alone may be given as it is.

    Raises
    ------
    InputError
        With every key that is no evaluation, the nearest one and all there are.
    """
    asked = frozenset([keys] if isinstance(keys, str) else keys)
    unknown = sorted(str(key) for key in asked - EVALUATIONS.keys())
    if unknown:
        raise InputError([_unknown(key) for key in unknown])
    return asked


def _unknown(key: str) -> Problem:
    from greenland.yamlfile import nearest  # which loads pydantic

    guess = nearest(key, list(EVALUATIONS))
    return Problem(
        Severity.ERROR,
        "unknown_part",
        _("parts 中的“{key}”不是评价项目。", key=key),
        _("是否应为“{guess}”？", guess=guess) if guess else "",
        got=key,
        allowed=listed(EVALUATIONS),
    )
