"""Values that public data show for fields of a case, each with its source."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from greenland.i18n import language
from greenland.yamlfile import read_tree


class RangeSource(BaseModel):
    """Where ranges were read.

    Parameters
    ----------
    title, title_en : str
    address : str
        Of the version that was read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    title_en: str
    address: str


class PublishedRange(BaseModel):
    """What one source shows for a field.

    Parameters
    ----------
    path : str
        As in ``fields.yaml``, with the list of parts before it.
    of, of_en : str
        Technology and place it holds for.
    values : tuple of float
        Least and largest, or the only one; in *unit*, which is that of the source.
    unit, unit_en : str
        With currency and price level; empty for a share.
    years : str
    source : str
        Key of a `RangeSource`.
    where : str
        Rows, with what the source took them from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    of: str
    of_en: str
    values: tuple[float, ...] = Field(min_length=1, max_length=2)
    unit: str
    unit_en: str
    years: str
    source: str
    where: str


class PublishedRanges(BaseModel):
    """The file ``ranges.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: dict[str, RangeSource]
    ranges: tuple[PublishedRange, ...]

    @model_validator(mode="after")
    def _sources_are_there(self) -> PublishedRanges:
        missing = {item.source for item in self.ranges} - set(self.sources)
        if missing:
            raise ValueError(f"sources: {sorted(missing)}")
        return self


@lru_cache(maxsize=1)
def published_ranges() -> PublishedRanges:
    """All ranges that are known."""
    tree = read_tree(Path(__file__).with_name("ranges.yaml"))
    return PublishedRanges.model_validate(tree)


def ranges_shown() -> dict[str, str]:
    """Ranges by path such as ``sources.capex``, with their sources, in the language in use."""
    known, chinese = published_ranges(), language() == "zh"
    lines: dict[str, list[str]] = defaultdict(list)
    for item in known.ranges:
        source = known.sources[item.source]
        values = "–".join(f"{value:g}" for value in item.values)
        unit = item.unit if chinese else item.unit_en
        amount = f"{values} {unit}".rstrip()
        if chinese:
            line = f"{item.of}：{amount}，{item.years}（{source.title}：{item.where}）"
        else:
            line = f"{item.of_en}: {amount}, {item.years} ({source.title_en}: {item.where})"
        lines[item.path].append(line)
    return {path: "\n".join(found) for path, found in lines.items()}
