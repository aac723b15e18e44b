"""``park.yaml``: who the park is, its rule packs, and the parameters of the evaluations."""

from __future__ import annotations

import datetime as dt
from copy import copy
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, _
from greenland.park.info import INFO_LABELS, ParkInfo, read_info
from greenland.park.inside import file_inside
from greenland.park.method import ASSESSED_YEARS
from greenland.park.normal import listing
from greenland.rules import Override, Rulebook, load_rulebook
from greenland.yamlfile import FileName, line_of, nearest, read_model, read_tree, validate
from greenland.yamltree import YamlMap

CONFIG_FILE = "park.yaml"
WORKBOOK_FILE = "park.xlsx"


class ParkLevel(StrEnum):
    """Level of government that approved the park."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    PREFECTURAL = "prefectural"
    COUNTY = "county"


class ParkType(StrEnum):
    """Kind of development zone."""

    ECONOMIC_DEVELOPMENT = "economic_development"
    HIGH_TECH = "high_tech"
    BORDER = "border"
    BONDED = "bonded"
    INDUSTRIAL_PARK = "industrial_park"
    OTHER = "other"


PARK_LEVEL_LABELS = {
    ParkLevel.NATIONAL: N_("国家级"),
    ParkLevel.PROVINCIAL: N_("省级"),
    ParkLevel.PREFECTURAL: N_("州级"),
    ParkLevel.COUNTY: N_("县级"),
}
PARK_TYPE_LABELS = {
    ParkType.ECONOMIC_DEVELOPMENT: N_("经济技术开发区"),
    ParkType.HIGH_TECH: N_("高新技术产业开发区"),
    ParkType.BORDER: N_("边境经济合作区"),
    ParkType.BONDED: N_("海关特殊监管区域"),
    ParkType.INDUSTRIAL_PARK: N_("产业园区"),
    ParkType.OTHER: N_("其他"),
}

# Written forms: data, not messages.
_LEVELS = {
    "国家级": ParkLevel.NATIONAL,
    "国家": ParkLevel.NATIONAL,
    "省级": ParkLevel.PROVINCIAL,
    "省": ParkLevel.PROVINCIAL,
    "州级": ParkLevel.PREFECTURAL,
    "市级": ParkLevel.PREFECTURAL,
    "州市级": ParkLevel.PREFECTURAL,
    "州（市）级": ParkLevel.PREFECTURAL,
    "州(市)级": ParkLevel.PREFECTURAL,
    "县级": ParkLevel.COUNTY,
    "区级": ParkLevel.COUNTY,
    "县区级": ParkLevel.COUNTY,
    "区县级": ParkLevel.COUNTY,
    "县（市、区）级": ParkLevel.COUNTY,
    "县(市、区)级": ParkLevel.COUNTY,
}
_TYPES = {
    "经济技术开发区": ParkType.ECONOMIC_DEVELOPMENT,
    "经济开发区": ParkType.ECONOMIC_DEVELOPMENT,
    "经开区": ParkType.ECONOMIC_DEVELOPMENT,
    "高新技术产业开发区": ParkType.HIGH_TECH,
    "高新技术产业园区": ParkType.HIGH_TECH,
    "高新区": ParkType.HIGH_TECH,
    "边境经济合作区": ParkType.BORDER,
    "跨境经济合作区": ParkType.BORDER,
    "边合区": ParkType.BORDER,
    "边境": ParkType.BORDER,
    "沿边产业园区": ParkType.BORDER,
    "海关特殊监管区域": ParkType.BONDED,
    "综合保税区": ParkType.BONDED,
    "保税区": ParkType.BONDED,
    "产业园区": ParkType.INDUSTRIAL_PARK,
    "工业园区": ParkType.INDUSTRIAL_PARK,
    "工业集中区": ParkType.INDUSTRIAL_PARK,
    "其他": ParkType.OTHER,
}


def _named(value: Any, kind: type[StrEnum], names: dict[str, Any]) -> Any:
    """Turn a Chinese or English name into the enum; say what is allowed when there is none."""
    if isinstance(value, kind):
        return value
    word = str(value).strip()
    if word in names:
        return names[word]
    codes = [str(item.value) for item in kind]
    if word.lower() in codes:
        return kind(word.lower())
    first = {item: name for name, item in reversed(names.items())}
    allowed = listing(first[item] for item in kind)
    close = nearest(word, list(names))
    guess = first[names[close]] if close else nearest(word, codes)
    text = _("“{word}”不在允许范围内（{allowed}）", word=word, allowed=allowed)
    raise ValueError(text + (_("，是否应为“{guess}”？", guess=guess) if guess else ""))


Level = Annotated[ParkLevel, BeforeValidator(lambda value: _named(value, ParkLevel, _LEVELS))]
Type = Annotated[ParkType, BeforeValidator(lambda value: _named(value, ParkType, _TYPES))]


class RulesConfig(BaseModel):
    """Rule packs in use, from general to local, and the park's own values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    packs: list[str] = ["national"]
    overrides: dict[str, Override] = {}


def _no_series(value: Any) -> None:
    """Curves are named where they are used; a list beside them would be checked by nobody."""
    if value is not None:
        raise ValueError(
            _(
                "不再有 series 部分：曲线写在 energy 部分的 load、users、sources 等处，"
                "随测算一并检查；只检查一条曲线用 greenland energy profile check"
            )
        )


def _code(value: Any) -> Any:
    """A code that was written as a number is a text all the same."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ParkConfig(BaseModel):
    """Content of ``park.yaml``.

    Parameters
    ----------
    code : str, optional
        Code of the park in the register it is known by; tells parks of one name apart.
    geometry : str, optional
        File of the parcel outlines, inside the park folder.
    layer : str, optional
        Layer of that file; the first that has parcel numbers when left out.
    crs : str, optional
        Reference system of its coordinates, such as ``EPSG:4543``, in place of what it states.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=200)
    level: Level
    type: Type
    code: Annotated[str, BeforeValidator(_code)] | None = Field(
        default=None, min_length=1, max_length=40
    )
    year: int = Field(ge=ASSESSED_YEARS[0], le=ASSESSED_YEARS[1])
    as_of: dt.date | None = None
    workbook: FileName = "park.xlsx"
    geometry: FileName | None = None
    layer: str | None = None
    crs: str | None = None
    rules: RulesConfig = RulesConfig()
    land: dict[str, Any] = {}
    energy: dict[str, Any] | None = None
    outlook: dict[str, Any] | None = None
    series: Annotated[None, BeforeValidator(_no_series)] = None

    _file: Path | None = PrivateAttr(default=None)

    @cached_property
    def tree(self) -> YamlMap:
        """The YAML tree the configuration came from, with line numbers; read when asked for."""
        return YamlMap() if self._file is None else read_tree(self._file)

    @property
    def day(self) -> dt.date:
        """Day the states of land are judged on: ``as_of``, or the last day of the year."""
        return self.as_of or dt.date(self.year, 12, 31)

    def load_rules(self) -> Rulebook:
        """The rules in force in the assessed year, with the park's overrides.

        Raises
        ------
        InputError
            If a pack does not exist, or an override names an unknown rule or is not of its kind.
        """
        return load_rulebook(
            self.rules.packs,
            self.year,
            overrides=self.rules.overrides,
            place=self._place_of_rules,
        )

    def _place_of_rules(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        """File and line of a part of ``rules``."""
        return {"file": CONFIG_FILE, "row": line_of(self.tree, ("rules", *path))}


def workbook_name(folder: Path) -> str:
    """Name of the workbook by ``park.yaml``; where it names none, of the only one in the folder."""
    if not (folder / CONFIG_FILE).is_file():
        return _only_workbook(folder)
    stated = read_tree(folder / CONFIG_FILE).get("workbook")
    return str(stated) if stated else _only_workbook(folder)


def _only_workbook(folder: Path) -> str:
    """``park.xlsx``; or the only workbook, where there is another and no ``park.xlsx``."""
    files = [
        path.name
        for path in sorted(folder.glob("*.xlsx"))
        if path.is_file() and not path.name.startswith("~$")
    ]
    return files[0] if len(files) == 1 else WORKBOOK_FILE


def read_config(folder: Path) -> ParkConfig:
    """Read ``park.yaml`` of a park folder, and the sheet 园区信息 of its workbook.

    Name, level, type and year may stand in either; with all four in the workbook no
    ``park.yaml`` is needed.

    Raises
    ------
    InputError
        With every fault of the file, and every value that stands differently in both.
    """
    path = folder / CONFIG_FILE
    stated = path.is_file()
    info = _info_of(folder)
    if not stated and (info is None or not info.cells):
        raise input_error(
            "no_file",
            _("文件夹中没有 {file}。", file=CONFIG_FILE),
            remedy=_("请核对文件夹，或先用 greenland init 生成。"),
            file=str(folder / CONFIG_FILE),
        )
    if info is None:
        config = read_model(path, ParkConfig)
    else:
        tree = read_tree(path) if stated else YamlMap()
        config = validate(_with_info(tree, info), ParkConfig, file=CONFIG_FILE)
    if "workbook" not in config.model_fields_set:
        config = config.model_copy(update={"workbook": _only_workbook(folder)})
    config._file = path if stated else None
    return config


def _info_of(folder: Path) -> ParkInfo | None:
    """The sheet 园区信息; a workbook outside the folder is left to the reading of the tables."""
    try:
        return read_info(file_inside(folder, workbook_name(folder)))
    except InputError:
        return None


def _with_info(tree: YamlMap, info: ParkInfo) -> YamlMap:
    """The settings with what the workbook says of the park.

    Raises
    ------
    InputError
        If a cell is not understood, says something else than ``park.yaml``, or is missing in both.
    """
    merged = copy(tree)
    problems: list[Problem] = []
    for key, label in INFO_LABELS.items():
        stated = tree.get(key)
        if (cell := info.cells.get(key)) is None:
            if stated in (None, ""):
                text = _("没有填写“{label}”。", label=_(label))
                remedy = _("请填在“{sheet}”表或 park.yaml 中。", sheet=info.sheet)
                problems.append(
                    Problem(
                        Severity.ERROR, "info_missing", text, remedy,
                        file=info.file, sheet=info.sheet,
                    )
                )  # fmt: skip
            continue
        where = {"file": cell.file, "sheet": cell.sheet, "row": cell.row, "got": cell.text}
        try:
            value = _typed(key, cell.text)
        except ValueError as error:
            remedy = _("请从下拉列表中选择，年度填四位数字。")
            problems.append(Problem(Severity.ERROR, "info", str(error), remedy, **where))  # type: ignore[arg-type]
            continue
        if stated in (None, ""):
            merged[key] = value
        elif not _same_as_stated(key, stated, value):
            text = _(
                "“{label}”在 park.yaml 第 {line} 行是“{stated}”，在工作簿“{sheet}”表是“{text}”。",
                label=_(label),
                line=line_of(tree, (key,)),
                stated=stated,
                sheet=cell.sheet,
                text=cell.text,
            )
            remedy = _("请改成一致，或只保留一处。")
            problems.append(Problem(Severity.ERROR, "info_differs", text, remedy, **where))  # type: ignore[arg-type]
    if problems:
        raise InputError(problems)
    return merged


def _typed(key: str, text: str) -> str | int:
    """Value of a cell as ``park.yaml`` would have it."""
    if key == "level":
        return str(_named(text, ParkLevel, _LEVELS))
    if key == "type":
        return str(_named(text, ParkType, _TYPES))
    if key == "name":
        return text
    digits = text.removesuffix("年").strip()
    if not (digits.isdecimal() and len(digits) == 4):
        raise ValueError(_("年度应为四位数字。"))
    return int(digits)


def _same_as_stated(key: str, stated: Any, value: str | int) -> bool:
    try:
        return _typed(key, str(stated).strip()) == value
    except ValueError:
        return True  # park.yaml is told of by itself
