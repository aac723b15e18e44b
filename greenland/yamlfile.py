"""Read a YAML file into a pydantic model, with every fault at once and the line it stands on.

Used for park files, cases, studies, rule packs and schemes alike.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.yamlhints import short, typed_in_chinese
from greenland.yamltree import YamlList, YamlMap, parse_tree, read_yaml_text

Model = TypeVar("Model", bound=BaseModel)
_LONGEST_NAME = 255  # bytes
_LONGEST_PATH = 1000  # characters
_LISTED = 40  # known names listed in a message
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T00:00:00)?")
_NUMBERS = frozenset(("float_parsing", "float_type", "int_parsing", "int_type", "int_from_float"))
_BOUNDS = frozenset(("greater_than", "greater_than_equal", "less_than", "less_than_equal"))
_DATES = frozenset(("date_from_datetime_parsing", "date_parsing", "date_type", "date_form"))

# pydantic's kinds of fault, in the words of the people who read them.
_FAULTS = {
    "missing": N_("缺少必填项“{key}”"),
    "extra_forbidden": N_("不认识的项“{key}”"),
    "float_parsing": N_("“{key}”应为数字"),
    "float_type": N_("“{key}”应为数字"),
    "int_parsing": N_("“{key}”应为整数"),
    "int_type": N_("“{key}”应为整数"),
    "int_from_float": N_("“{key}”应为整数"),
    "finite_number": N_("“{key}”应为有限数字"),
    "bool_parsing": N_("“{key}”应为 true 或 false"),
    "bool_type": N_("“{key}”应为 true 或 false"),
    "string_type": N_("“{key}”应为文字（数字、true 和 false 请加英文引号）"),
    "string_too_long": N_("“{key}”太长（至多 {max_length} 字）"),
    "int_from_boolean": N_("“{key}”应为整数，不能是 true 或 false"),
    "float_from_boolean": N_("“{key}”应为数字，不能是 true 或 false"),
    "list_type": N_("“{key}”应为列表"),
    "dict_type": N_("“{key}”应为“名称: 值”的一组内容"),
    "model_type": N_("“{key}”应为“名称: 值”的一组内容"),
    "date_from_datetime_inexact": N_("“{key}”应为日期，如 2026-01-31"),
    "date_form": N_("“{key}”应为日期，如 2026-01-31"),
    "date_from_datetime_parsing": N_("“{key}”应为日期，如 2026-01-31"),
    "date_parsing": N_("“{key}”应为日期，如 2026-01-31"),
    "date_type": N_("“{key}”应为日期，如 2026-01-31"),
    "enum": N_("“{key}”的取值不在允许范围内"),
    "literal_error": N_("“{key}”的取值不在允许范围内"),
    "greater_than": N_("“{key}”应大于 {gt}"),
    "greater_than_equal": N_("“{key}”应不小于 {ge}"),
    "less_than": N_("“{key}”应小于 {lt}"),
    "less_than_equal": N_("“{key}”应不大于 {le}"),
    "string_too_short": N_("“{key}”不能为空"),
    "too_short": N_("“{key}”的内容太少"),
    "too_long": N_("“{key}”的内容太多"),
    "int_parsing_size": N_("“{key}”的数字太大"),
}


def read_tree(path: Path) -> YamlMap:
    """Read *path* as YAML, keeping line numbers.

    Raises
    ------
    InputError
        If the file is missing or no ordinary file, is not UTF-8, is not valid YAML, names a key
        twice, nests or refers beyond all use, or does not hold a mapping.
    """
    return parse_tree(read_yaml_text(path), path.name)


def plain(node: Any) -> Any:
    """Turn a YAML tree into plain dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str | bytes):
        return [plain(value) for value in node]
    return node


def line_of(tree: Any, loc: Sequence[str | int]) -> int | None:
    """Line, counted from 1, of the deepest part of *loc* that the tree has."""
    line: int | None = None
    node = tree
    for key in loc:
        if isinstance(node, YamlMap) and str(key) in node:
            key = str(key)
            line = node.lines.get(key, line)
        elif isinstance(node, YamlList) and isinstance(key, int) and key < len(node):
            line = node.lines[key]
        else:
            continue  # a step pydantic adds, such as the name of a union's member
        node = node[key]
    return line


def place_of(tree: Any, loc: Sequence[str | int]) -> dict[str, Any]:
    """Where the deepest part of *loc* stands, as fields of a `Problem`: a line, or a cell.

    Trees that were not read from YAML say it themselves by a method of this name.
    """
    own = getattr(tree, "place_of", None)
    return {"row": line_of(tree, loc)} if own is None else own(loc)


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word most like *word*, or None when none is close."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else None


def known_name(word: str, known: Collection[str], what: str) -> str:
    """Return *word* when it is known; for use in validators.

    Parameters
    ----------
    what : str
        What the word names, in the language in use.

    Raises
    ------
    ValueError
        Saying the nearest known name and all of them.
    """
    if word in known:
        return word
    text: str = _("没有{what}“{name}”", what=what, name=short(word))
    guess = nearest(word, list(known))
    if guess is not None:
        text += _("，是否应为“{guess}”？", guess=guess)
    if len(known) <= _LISTED:
        listed = "、".join(known)
        text += _("可用：{known}", known=listed) if guess else _("，可用：{known}", known=listed)
    raise ValueError(text)


def _file_name(name: str) -> str:
    longest = max((len(part.encode("utf-8")) for part in re.split(r"[/\\\\]", name)), default=0)
    if longest > _LONGEST_NAME or len(name) > _LONGEST_PATH:
        raise ValueError(_("文件名太长"))
    return name


# A file name no system refuses for its length.
FileName = Annotated[str, AfterValidator(_file_name)]


def _known_keys(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Keys allowed beside the last part of *loc*, walking the model's fields."""
    current: Any = model
    for key in loc[:-1]:
        current = _child(current, key)
        if current is None:
            return []
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [field.alias or name for name, field in current.model_fields.items()]
    return []


def _child(model: Any, key: str | int) -> Any:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return None
    field = model.model_fields.get(str(key))
    if field is None:
        return model  # a list index or a union's member name: stay
    return _model_in(field.annotation)


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None


def validate(
    tree: Any,
    model: type[Model],
    *,
    file: str,
    root: Any = None,
    prefix: Sequence[str | int] = (),
) -> Model:
    """Validate a YAML tree, or a part of one, against a pydantic model.

    Parameters
    ----------
    tree : mapping
        The part to validate.
    model : type of pydantic model
        With ``extra="forbid"``, unknown keys are reported with the nearest known one.
    file : str
        Name shown in messages.
    root, prefix : optional
        Whole tree and the path of *tree* in it, for line numbers.

    Raises
    ------
    InputError
        With every fault found, each with its line.
    """
    root = tree if root is None else root
    values = plain(tree)
    try:
        result = model.model_validate(values)
    except ValidationError as error:
        mistyped = typed_in_chinese(getattr(root, "text", ""), file)
        problems = [_problem(item, model, root, prefix, file) for item in error.errors()]
        raise InputError([*mistyped, *_not_told(problems, mistyped)]) from error
    mistaken = [
        _problem(item, model, root, prefix, file) for item in mistaken_kinds(values, result)
    ]
    if mistaken:
        raise InputError(mistaken)
    return result


def _not_told(problems: list[Problem], mistyped: list[Problem]) -> list[Problem]:
    """Problems that do not merely follow from a line that is mistyped."""
    keys = {problem.message for problem in mistyped if problem.code == "yaml_colon"}

    def follows(problem: Problem) -> bool:
        if problem.code == "yaml_missing":
            name = problem.message.rpartition("“")[2].rpartition("”")[0].rpartition(".")[2]
            return any(f"“{name}”" in key for key in keys)
        return any(item.got and item.got in problem.got for item in mistyped)

    return [problem for problem in problems if not follows(problem)]


def mistaken_kinds(values: Any, result: Any) -> Iterator[dict[str, Any]]:
    """Values pydantic turns into another kind unasked: true into 1, a number into a date.

    Parameters
    ----------
    values
        As they stand in the file.
    result
        What they were validated into.

    Yields
    ------
    dict
        In the form of pydantic's errors.
    """
    waiting: list[tuple[tuple[str | int, ...], Any, Any]] = [((), values, result)]
    while waiting:
        path, value, made = waiting.pop()
        kind = _mistaken(value, made)
        if kind:
            yield {"loc": path, "type": kind, "input": value, "msg": kind}
        elif isinstance(value, dict):
            waiting.extend(_pairs(path, value, made))
        elif isinstance(value, list) and isinstance(made, list | tuple):
            pairs = zip(value, made, strict=False)
            waiting.extend(((*path, place), *pair) for place, pair in enumerate(pairs))


def _pairs(
    path: tuple[str | int, ...], value: dict[str, Any], made: Any
) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    if isinstance(made, BaseModel):
        for name, item in type(made).model_fields.items():
            key = item.alias or name
            if key in value:
                yield (*path, key), value[key], getattr(made, name)
    elif isinstance(made, dict):
        by_text = {str(getattr(key, "value", key)): part for key, part in made.items()}
        for key, part in value.items():
            if key in by_text:
                yield (*path, key), part, by_text[key]


def _mistaken(value: Any, made: Any) -> str | None:
    if isinstance(value, bool) and isinstance(made, int | float) and not isinstance(made, bool):
        return "int_from_boolean" if isinstance(made, int) else "float_from_boolean"
    if isinstance(made, dt.date):
        written = isinstance(value, str) and _DAY.fullmatch(value)
        return None if written or isinstance(value, dt.date) else "date_form"
    if isinstance(made, float) and not math.isfinite(made):
        stated = isinstance(value, float) and math.isinf(value)
        return None if stated else "finite_number"
    return None


def _problem(
    item: Any, model: type[BaseModel], root: Any, prefix: Sequence[str | int], file: str
) -> Problem:
    loc = tuple(part for part in item["loc"] if part != "[key]")
    kind, context = item["type"], item.get("ctx", {})
    if isinstance(item.get("input"), bool) and kind in _BOUNDS:
        kind = "float_from_boolean"  # true is 1, which need not even keep the bound
    key = ".".join(str(part) for part in (*prefix, *loc)) or file
    remedy, allowed = "", ""
    if item.get("input") is None and kind.endswith("_type"):
        message = _("“{key}”没有填写", key=key)
    elif kind in _FAULTS:
        message = _(_FAULTS[kind], key=key, **{k: str(v) for k, v in context.items() if k != "key"})
    elif kind in ("value_error", "assertion_error"):  # raised by our own validators, in our words
        message = _("“{key}”：{detail}", key=key, detail=str(context.get("error", item["msg"])))
    else:
        message = _("“{key}”的内容无效（{detail}）", key=key, detail=item["msg"])
    if kind == "extra_forbidden":
        known = _known_keys(model, loc)
        guess = nearest(str(loc[-1]), known)
        if guess:
            remedy = _("是否应为“{guess}”？", guess=guess)
        allowed = "、".join(known)
    elif "expected" in context:
        allowed = str(context["expected"])
    elif kind in _NUMBERS or kind in _DATES:
        remedy = _rewritten(kind, item.get("input"))
    untold = kind in ("missing", "extra_forbidden") or item.get("input") is None
    got = "" if untold else short(item.get("input"))
    return Problem(
        Severity.ERROR,
        f"yaml_{kind}",
        message,
        remedy,
        file=file,
        got=got,
        allowed=allowed,
        **place_of(root, (*prefix, *loc)),
    )


def _rewritten(kind: str, value: Any) -> str:
    """How a value meant as a number or a date should be written; empty when nobody can tell."""
    if not isinstance(value, str):
        return ""
    narrow = unicodedata.normalize("NFKC", value).strip()
    if kind in _DATES:
        parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", narrow)
        if parts is None:
            return ""
        try:
            day = dt.date(*(int(part) for part in parts.groups()))
        except ValueError:
            return str(_("没有这一天，请核对。"))
        return str(_("请写成 {form}。", form=day.isoformat()))
    number = re.fullmatch(r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(%|‰)?", narrow)
    if number is None:
        return str(_("请只写数字，单位以文档所列为准。")) if narrow[:1].isdigit() else ""
    plainly = float(number[1].replace(",", ""))
    form = f"{plainly / {'%': 100, '‰': 1000}.get(number[2], 1):.12g}"
    return str(_("请写成 {form}。", form=form))


def read_model(path: Path, model: type[Model]) -> Model:
    """Read and validate a whole YAML file; see `read_tree` and `validate`."""
    return validate(read_tree(path), model, file=path.name)
