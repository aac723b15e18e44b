"""What a scheme defines itself, by name."""

from __future__ import annotations

from greenland.record.base import RecordModel, always, cell


class SchemeName(RecordModel):
    """A group, an indicator or a bonus item the scheme defines itself."""

    title: str = always("名称")
    title_en: str | None = cell("英文名称")
    unit: str | None = cell("单位")
    formula: str | None = cell("公式")
