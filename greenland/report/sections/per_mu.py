"""The chapter 亩均效益."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from greenland.i18n import _
from greenland.record.base import RecordModel
from greenland.record.land.per_mu import (
    ParkFirms,
    PerMuRecord,
    PerMuSchemeRecord,
)
from greenland.record.land.scheme import SchemeName
from greenland.report import formatters as fmt
from greenland.report.blocks import Figures, Prose, Section, Verdicts, title_of
from greenland.report.charts import firms as charts
from greenland.report.labels import industry, name
from greenland.report.sections import per_mu_data
from greenland.report.sections.common import (
    PAGE_AND_MORE,
    WORKBOOK,
    figure,
    scheme_facts,
    some,
    verdict,
)
from greenland.report.tables import Row, Table, largest, make_table, renamed


def section(part: PerMuRecord) -> Section:
    """亩均效益: scores, classes, and the park against its floor."""
    park, before, floor = part.park, part.previous, part.floor
    own = _own_names(part.scheme)
    lead = _lead(park)
    keys = ("tax_per_mu", "revenue_per_mu", "output_per_mu", "value_added_per_mu")
    figures = tuple(
        figure(key, value, None if before is None else getattr(before, key))
        for key in keys
        if (value := getattr(park, key)) is not None
    )
    against_floor = verdict(
        *("table-per-mu-firms", floor.indicator, floor.value, floor.required),
        *(floor.state, floor.rule_id, floor.reason),
        direction=floor.direction,
    )
    blocks = some(
        (
            Verdicts((against_floor,)),
            Figures(figures) if figures else None,
            _missing(park),
            scheme_facts(part.scheme),
            charts.class_shares(part),
            make_table(
                "table-per-mu-summary",
                _("分等级汇总"),
                [row for row in part.summary if row.firms or row.units],
                "class firms units land_mu tax_wan revenue_wan tax_per_mu revenue_per_mu missing",
                forms=PAGE_AND_MORE,
                note=_("出租方与承租企业合为一个评价单元；用地、税收和收入按单元合计，缺的不计。"),
                key=True,
            ),
            charts.score_distribution(part),
            charts.tax_scatter(part),
            make_table(
                "table-per-mu-firms",
                _("企业亩均效益排名"),
                [own(row) for row in part.firms],
                "firm_name class score rank points_to_next reason tax_per_mu revenue_per_mu "
                "land_mu output_per_mu value_added_per_mu value_added_per_tce "
                "value_added_per_emission labour_productivity rd_intensity tax_per_mwh "
                "group industry_code row",
                worst=_lowest_score,
                note=_("得分由低到高排列。"),
                sheet=_("企业效益表"),
            ),
            charts.industry_bars(part),
            _industries(part, "table-per-mu-industries", _("分行业亩均效益"), whole=True),
            _industries(
                part, "table-per-mu-classes", _("分行业亩均效益（中类、小类）"), whole=False
            ),
            make_table(
                "table-per-mu-movements",
                _("等级变动"),
                part.movements,
                "from to firms",
                forms=PAGE_AND_MORE,
            ),
            renamed(
                make_table(
                    "table-per-mu-boundaries",
                    _("等级分界"),
                    [own(row) for row in part.boundaries],
                    "group class share score ranked_units firms ties reason",
                    note=_(
                        "按得分列入的单元数未计一票否决；企业数是最终列入该类的企业，"
                        "含承租企业，与分等级汇总一致。"
                    ),
                    annex=True,
                ),
                "score",
                _("分界分值"),
            ),
            make_table(
                "table-per-mu-benchmarks",
                _("指标基准值与权重"),
                [{"indicator_id": row.indicator, **own(row)} for row in part.benchmarks],
                "group indicator benchmark unit weight method cap floor least most base",
                annex=True,
            ),
            *per_mu_data.tables(part, own),
            make_table(
                "table-per-mu-trend",
                _("企业历年亩均效益"),
                part.trend,
                "firm_id year tax_per_mu revenue_per_mu score class",
                forms=WORKBOOK,
            ),
        )
    )
    return Section("per-mu", _("亩均效益"), lead, blocks)


def _own_names(scheme: PerMuSchemeRecord) -> Callable[[RecordModel], Row]:
    """Puts the scheme's own names of groups, indicators and bonus items into a row."""

    def name_of(code: object, names: Mapping[str, SchemeName]) -> object:
        item = names.get(str(code))
        return code if item is None else title_of(item)

    def named(row: RecordModel) -> Row:
        cells = dict(row.cells())
        for key, names in (("group", scheme.groups), ("indicator", scheme.indicators)):
            if key in cells:
                cells[key] = name_of(cells[key], names)
        return cells

    return named


def _industries(part: PerMuRecord, table_id: str, title: str, *, whole: bool) -> Table | None:
    """Averages by industry: divisions, or what is below them."""
    rows = [
        {**row.cells(), "industry_name": industry(row.industry_code), "units": row.firms}
        for row in part.industries
        if (row.level == "division") is whole
    ]
    return make_table(
        table_id,
        title,
        rows,
        "industry_code industry_name level units land_mu tax_per_mu revenue_per_mu "
        "output_per_mu missing",
        worst=largest("land_mu"),
        annex=not whole,
    )


def _lead(park: ParkFirms) -> str:
    """Who is evaluated, who is not, and the averages of all, as far as they are known."""
    said: str = _("参评企业 {firms} 家", firms=fmt.number(park.evaluated_firms, 0))
    if park.evaluated_land_mu is not None:
        said += _("、用地 {land} 亩", land=fmt.number(park.evaluated_land_mu, 0))
    if park.unscored_firms:
        said += _("（其中 {count} 家缺数据，未能评分）", count=park.unscored_firms)
    if park.exempt_firms:
        said += _("，另有不参评企业 {count} 家", count=park.exempt_firms)
    whole = [
        (park.land_mu, _("园区全部企业用地 {value} 亩"), 0),
        (park.tax_per_mu, _("亩均税收 {value} 万元"), 2),
        (park.revenue_per_mu, _("亩均营业收入 {value} 万元"), 1),
    ]
    known = [text.format(value=fmt.number(v, digits)) for v, text, digits in whole if v is not None]
    return said + (_("；") + _("，").join(known) if known else "") + _("。")


def _lowest_score(row: Row) -> tuple[int, float]:
    score = fmt.as_number(row.get("score"))
    return (1, 0.0) if score is None else (0, score)


def _missing(park: ParkFirms) -> Prose | None:
    said = _("、").join(
        _("{indicator} {count} 家", indicator=name(key), count=count)
        for key, count in park.missing.items()
        if count
    )
    if not said:
        return None
    return Prose((_("园区平均值未含缺数据的企业：{said}。", said=said),), "note")
