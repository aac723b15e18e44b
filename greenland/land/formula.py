"""Formulas of a scheme: arithmetic on named columns, read as data and never run as Python.

A formula has numbers, names of columns, ``+ - * /``, brackets, ``min``, ``max``, ``abs`` and
``last(…)``, the same in the year before; a condition adds comparisons, ``and``, ``or``, ``not``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.yamlfile import known_name

LONGEST = 300  # characters; nested brackets beyond it are no formula an office prints
_LAST = "last"
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda above, below: above / np.where(below > 0, below, np.nan),
}
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": lambda *parts: np.minimum.reduce(np.broadcast_arrays(*parts)),
    "max": lambda *parts: np.maximum.reduce(np.broadcast_arrays(*parts)),
    "abs": np.abs,
}


@lru_cache(maxsize=256)
def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ValueError(_("公式过长，最多 {n} 个字符", n=LONGEST))
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(_("公式写法有误：{text}", text=text)) from None


def checked(text: str, columns: Collection[str], *, condition: bool = False) -> str:
    """Return *text* when it is a formula, or a condition, on these columns.

    Parameters
    ----------
    columns : collection of str
        Names it may use.
    condition : bool
        Whether it must be true or false rather than a number.

    Raises
    ------
    ValueError
        Saying what it may hold, with the nearest known name.

    Examples
    --------
    >>> checked("tax_wan / land_mu", ["tax_wan", "land_mu"])
    'tax_wan / land_mu'
    """
    if _checked(_tree(text), columns) is not condition:
        if condition:
            raise ValueError(_("条件须是比较式，如 tax_wan / land_mu >= 20：{text}", text=text))
        raise ValueError(_("公式须得出一个数，不能是比较式：{text}", text=text))
    if not columns_of(text):
        raise ValueError(_("公式没有用到任何数据列：{text}", text=text))
    return text


def _checked(node: ast.expr, columns: Collection[str]) -> bool:
    """Check a node; whether it is true or false rather than a number."""
    match node:
        case ast.Constant(value=value) if type(value) in (int, float):
            return False
        case ast.Name(id=name):
            known_name(name, columns, _("数据列"))
            return False
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
            _numbers([inner], columns)
            return False
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            _numbers([left, right], columns)
            return False
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if args:
            if name == _LAST and len(args) == 1 and not _has_last(args[0]):
                _numbers(args, columns)
                return False
            if name in _FUNCTIONS and (name != "abs" or len(args) == 1):
                _numbers(args, columns)
                return False
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            _numbers([left, right], columns)
            return True
        case ast.BoolOp(values=values):
            _truths(values, columns)
            return True
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            _truths([inner], columns)
            return True
    raise ValueError(
        _(
            "公式只能有数、列名、+ - * /、括号、min、max、abs、last(上年)，"
            "条件另有比较和 and、or、not；不能有：{part}",
            part=ast.unparse(node),
        )
    )


def _numbers(nodes: list[ast.expr], columns: Collection[str]) -> None:
    for node in nodes:
        if _checked(node, columns):
            raise ValueError(_("这里须是数，不能是比较式：{part}", part=ast.unparse(node)))


def _truths(nodes: list[ast.expr], columns: Collection[str]) -> None:
    for node in nodes:
        if not _checked(node, columns):
            raise ValueError(_("and、or、not 两边须是比较式：{part}", part=ast.unparse(node)))


def _has_last(node: ast.expr) -> bool:
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return any(isinstance(part.func, ast.Name) and part.func.id == _LAST for part in calls)


def columns_of(text: str) -> list[str]:
    """Columns a formula names, in order."""
    functions = {*_FUNCTIONS, _LAST}
    names = [part.id for part in ast.walk(_tree(text)) if isinstance(part, ast.Name)]
    return list(dict.fromkeys(name for name in names if name not in functions))


def uses_last_year(text: str) -> bool:
    """Whether a formula asks for the year before."""
    return _has_last(_tree(text))


def quotient(text: str) -> tuple[str, str] | None:
    """Numerator and denominator of a formula that is one fraction; None where it is not.

    Examples
    --------
    >>> quotient("(tax_wan + rd_wan) / land_mu")
    ('tax_wan + rd_wan', 'land_mu')
    """
    node = _tree(text)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return ast.unparse(node.left), ast.unparse(node.right)
    return None


def value_of(text: str, now: pd.DataFrame, last: pd.DataFrame | None = None) -> pd.Series[float]:
    """A formula on every row.

    Parameters
    ----------
    text : str
        Checked by `checked`.
    now, last : DataFrame
        Columns it names, of this year and the year before; rows are found by the index.

    Returns
    -------
    Series
        On the index of *now*; NaN where a part is missing or a denominator is not positive.

    Examples
    --------
    >>> now, last = pd.DataFrame({"x": [3.0, 1.0]}), pd.DataFrame({"x": [2.0]})
    >>> value_of("x / last(x) - 1", now, last).tolist()
    [0.5, nan]
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = np.asarray(_value(_tree(text), _Numbers(now), now.index, last), dtype="float64")
    found = np.broadcast_to(np.where(np.isfinite(found), found, np.nan), (len(now),))
    return pd.Series(found, index=now.index, dtype="float64")


def holds(text: str, now: pd.DataFrame, last: pd.DataFrame | None = None) -> pd.Series[bool]:
    """Whether a condition holds on every row; what is missing makes a comparison false."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = _value(_tree(text), _Numbers(now), now.index, last)
    return pd.Series(np.broadcast_to(found, (len(now),)), index=now.index, dtype=bool)


class _Numbers:
    """The columns of a frame that hold numbers, each as an array when a formula asks for it."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def get(self, name: str, otherwise: Any) -> Any:
        if name not in self._frame or not pd.api.types.is_numeric_dtype(self._frame[name].dtype):
            return otherwise
        return self._frame[name].to_numpy("float64", na_value=np.nan)


def _value(node: ast.expr, columns: _Numbers, index: pd.Index, last: pd.DataFrame | None) -> Any:
    def of(part: ast.expr) -> Any:
        return _value(part, columns, index, last)

    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return columns.get(name, np.full(len(index), np.nan))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return np.logical_not(of(inner))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -of(inner)
        case ast.UnaryOp(operand=inner):
            return of(inner)
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](of(left), of(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = (of(left), of(right))
            known = ~(np.isnan(sides[0]) | np.isnan(sides[1]))
            return _COMPARED[type(op)](*sides) & known
        case ast.BoolOp(op=op, values=values):
            join = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return join.reduce(np.broadcast_arrays(*(of(part) for part in values)))
        case ast.Call(func=ast.Name(id=name), args=args) if name == _LAST:
            if last is None:
                return np.full(len(index), np.nan)
            return _value(args[0], _Numbers(last.reindex(index)), index, None)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name](*(of(part) for part in args))
    raise TypeError(ast.unparse(node))
