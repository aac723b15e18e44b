"""Read a YAML file into a pydantic model, with every fault at once and the line it stands on.

Used for park files, cases, studies, rule packs and schemes alike.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, _

Model = TypeVar("Model", bound=BaseModel)
_PLAIN = frozenset((str, int, float, bool, type(None)))

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
    "string_type": N_("“{key}”应为文字（数字请加引号）"),
    "list_type": N_("“{key}”应为列表"),
    "dict_type": N_("“{key}”应为“名称: 值”的一组内容"),
    "model_type": N_("“{key}”应为“名称: 值”的一组内容"),
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
}


def read_tree(path: Path) -> CommentedMap:
    """Read *path* as YAML, keeping line numbers.

    Raises
    ------
    InputError
        If the file is missing, is not UTF-8, is not valid YAML, names a key twice, or does not
        hold a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise input_error("no_file", _("找不到文件。"), file=str(path)) from error
    except UnicodeDecodeError as error:
        raise input_error(
            "encoding",
            _("文件不是 UTF-8 编码。"),
            remedy=_("请用记事本“另存为”，编码选 UTF-8。"),
            file=str(path),
        ) from error
    try:
        tree = YAML(typ="rt").load(text)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        detail = error.problem if isinstance(error, MarkedYAMLError) else str(error)
        raise input_error(
            "yaml",
            _("YAML 格式有误：{detail}", detail=str(detail).split("\n")[0]),
            remedy=_("请检查缩进、冒号后的空格和重复的名称。"),
            file=path.name,
            row=mark.line + 1 if mark is not None else None,
        ) from error
    if tree is None:
        return CommentedMap()
    if not isinstance(tree, CommentedMap):
        raise input_error("yaml", _("文件内容应为“名称: 值”的形式。"), file=path.name)
    return tree


def plain(node: Any) -> Any:
    """Turn a YAML tree into plain dicts, lists and scalars."""
    if type(node) in _PLAIN:
        return node
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str | bytes):
        return [plain(value) for value in node]
    for kind in (bool, int, float, str):  # ruamel's scalars are subclasses that keep their form
        if isinstance(node, kind):
            return kind(node)
    return node


def line_of(tree: Any, loc: Sequence[str | int]) -> int | None:
    """Line, counted from 1, of the deepest part of *loc* that the tree has."""
    line: int | None = None
    node = tree
    for key in loc:
        try:
            if isinstance(node, CommentedMap) and key in node:
                line = node.lc.key(key)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
                line = node.lc.item(key)[0] + 1
            else:
                continue  # a step pydantic adds, such as the name of a union's member
            node = node[key]
        except (AttributeError, KeyError, TypeError):
            break
    return line


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word most like *word*, or None when none is close."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else None


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
    try:
        return model.model_validate(plain(tree))
    except ValidationError as error:
        root = tree if root is None else root
        raise InputError(
            _problem(item, model, root, prefix, file) for item in error.errors()
        ) from error


def _problem(
    item: Any, model: type[BaseModel], root: Any, prefix: Sequence[str | int], file: str
) -> Problem:
    loc = tuple(item["loc"])
    kind, context = item["type"], item.get("ctx", {})
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
    untold = kind in ("missing", "extra_forbidden") or item.get("input") is None
    got = "" if untold else _short(item.get("input"))
    return Problem(
        Severity.ERROR,
        f"yaml_{kind}",
        message,
        remedy,
        file=file,
        row=line_of(root, (*prefix, *loc)),
        got=got,
        allowed=allowed,
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def read_model(path: Path, model: type[Model]) -> Model:
    """Read and validate a whole YAML file; see `read_tree` and `validate`.

    A sound file is read without line numbers and, where ``ruamel.yaml.clib`` is installed, by its
    parser, which takes a fifth of the time.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return model.model_validate(plain(YAML(typ="safe").load(text)))
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        return validate(read_tree(path), model, file=path.name)
