"""Constants of a method: numbers by which files are read, each with its reason.

What judges a park or a plan is a rule (`greenland.rules`). What tells a date from a number, a
missing code from a reading or a unit from another is none: it follows from how files are written or
from nature, and no document says it. Such a number stands in the ``method`` module of its part, its
reason in ``method.yaml`` beside it, and both in docs/method-constants.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from greenland.yamlfile import plain, read_tree

Number = int | float | tuple[float, ...]
HEAD = """# 方法常数

评价和合规的界限、缺省值都是规则，见各规则包。下面这些数只决定文件怎样读、园区怎样比较：一列是不是时刻、一个数是不是缺测代码、
没有写单位的数是什么单位、几个园区才排名次。它们出自文件的写法、自然界的范围或统计方法，没有文件依据，
不在 `overrides` 中改。
读法不合时，用命令的选项或表头写明；读入记录说明每一处推断。本页由代码生成。"""


class Reason(NamedTuple):
    """What a constant decides, and why it is what it is.

    Parameters
    ----------
    unit, decides, why : str
        In Chinese, as the page is.
    """

    unit: str
    decides: str
    why: str


def constants(module: ModuleType) -> dict[str, Number]:
    """Numbers a ``method`` module declares, by their names."""
    return {name: value for name, value in vars(module).items() if name.isupper()}


def reasons(module: ModuleType) -> dict[str, Reason]:
    """Reasons in the file beside a ``method`` module, by the names of its numbers."""
    path = Path(str(module.__file__)).with_suffix(".yaml")
    return {name: Reason(*texts) for name, texts in plain(read_tree(path)).items()}


def method_page(parts: Mapping[str, ModuleType]) -> str:
    """The page docs/method-constants.md.

    Parameters
    ----------
    parts : mapping of title to module
        Parts of the page, in order.
    """
    lines = HEAD.splitlines()
    for title, module in parts.items():
        said = reasons(module)
        lines += ["", f"## {title}", "", "| 常数 | 数值 | 单位 | 决定什么 | 为什么 |"]
        lines += ["|---|---|---|---|---|"]
        for name, value in constants(module).items():
            unit, decides, why = said[name]
            lines.append(f"| `{name}` | {_shown(value)} | {unit} | {decides} | {why} |")
    return "\n".join(lines) + "\n"


def _shown(value: Number) -> str:
    if isinstance(value, tuple):
        return (" – " if len(value) == 2 else "、").join(_shown(item) for item in value)
    text = f"{value:,}".replace(",", " ") if abs(value) >= 10_000 else f"{value:g}"
    return text.removesuffix(".0").replace("-", "−")
