"""Chapters on land: what each evaluation of the record says, in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from greenland.i18n import _
from greenland.report import charts_land as charts
from greenland.report import formatters as fmt
from greenland.report.blocks import (
    Block,
    Facts,
    Figure,
    Figures,
    Prose,
    Section,
    Verdict,
    Verdicts,
    title_of,
)
from greenland.report.labels import industry, label, name, unit_text, value_label
from greenland.report.tables import (
    Table,
    largest,
    make_table,
    renamed,
    value_text,
    with_unit,
    worst_by,
    worst_state,
)

Part = Mapping[str, Any]
PAGE_AND_MORE = frozenset({"page", "workbook", "word"})
WORKBOOK = frozenset({"workbook"})


def some(blocks: Iterable[Block | None]) -> tuple[Block, ...]:
    """The blocks that are there."""
    return tuple(block for block in blocks if block is not None)


def figure(key: str, value: Any, previous: Any = None, **options: Any) -> Figure:
    """A key figure of an indicator."""
    entry = label(key)
    unit = "" if entry.kind in ("share", "yuan") else unit_text(entry.unit)
    before = "" if previous is None else _("上年 {value}", value=value_text(previous, key))
    return Figure(entry.text, value_text(value, key), unit, before, **options)


def verdict(row: Part, target: str, subject: str = "") -> Verdict:
    """A judgement from a row with indicator, value, required, state and rule."""
    key = str(row.get("indicator") or row.get("limit") or "")
    basis = str(row.get("basis") or "")
    return Verdict(
        subject=subject or name(key),
        state=str(row.get("state") or "no_data"),
        value=with_unit(row.get("value"), key, row.get("unit")),
        required=required_text(row, key),
        rule_id=row.get("rule_id"),
        basis=value_label("basis", basis) if basis else "",
        target=target,
        reason=str(row.get("reason") or ""),
    )


def required_text(row: Part, key: str) -> str:
    """What is required, with its direction."""
    if row.get("required") is None:
        return fmt.DASH
    sign = {"<=": "≤ ", "<": "< ", ">": "> "}.get(str(row.get("direction") or ">="), "≥ ")
    return sign + with_unit(row.get("required"), key, row.get("unit"))


def standard_land(part: Part) -> Section:
    """标准地: the share sold as such, and what each parcel keeps of its promises."""
    share = part.get("share") or {}
    summary = {str(row.get("state")): row for row in part.get("summary") or []}
    failed = summary.get("failed", {}).get("parcels") or 0
    overdue = summary.get("overdue", {}).get("parcels") or 0
    total = sum(row.get("parcels") or 0 for row in summary.values())
    lead = _(
        "纳入考核的 {total} 宗“标准地”中，{failed} 宗不达标，{overdue} 宗逾期。",
        total=total,
        failed=failed,
        overdue=overdue,
    )
    share_row = {
        "indicator": "standard_land_share",
        "value": share.get("standard_land_share"),
        "required": share.get("target"),
        **{key: share.get(key) for key in ("state", "rule_id", "reason")},
    }
    checks = list(part.get("checks") or [])
    holders = {row.get("parcel_id"): row.get("holder_name") for row in part.get("parcels") or []}
    off = [row for row in checks if row.get("state") in ("failed", "overdue")]
    blocks = some(
        (
            Verdicts((verdict(share_row, "table-standard-path"),)),
            make_table(
                "table-standard-summary",
                _("“标准地”履约结果汇总"),
                part.get("summary"),
                "state parcels area_mu",
                worst=worst_state,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-path",
                _("“标准地”出让比例与目标路径"),
                part.get("path"),
                "year standard_land_share target needed rule_id",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-by-indicator",
                _("按指标汇总的宗地数"),
                part.get("by_indicator"),
                "indicator met failed overdue not_due no_data not_applicable",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-standard-off",
                _("不达标与逾期的指标"),
                [{"holder_name": holders.get(row.get("parcel_id")), **row} for row in off],
                "row parcel_id holder_name indicator value required margin state stage "
                "due_date basis rule_id reason",
                worst=worst_state,
                note=_("按差距由大到小排列；行号指宗地台账。"),
            ),
            _parcel_matrix(part, checks),
            make_table(
                "table-standard-checks",
                _("“标准地”逐项核查"),
                checks,
                "row parcel_id indicator value required direction margin state stage due_date "
                "basis rule_id reason",
                worst=worst_state,
                forms=WORKBOOK,
            ),
            make_table(
                "table-standard-breaches",
                _("违约处理建议"),
                part.get("breaches"),
                "parcel_id measure rule_id reason",
            ),
            notes(part),
        )
    )
    return Section("standard-land", _("“标准地”履约"), lead, blocks)


def notes(part: Part) -> Prose | None:
    """What an evaluation says beside its tables."""
    found: list[Any] = []
    for key in ("notes", "left_out", "undecided", "breaches_reason", "score_reason"):
        value = part.get(key)
        found += value if isinstance(value, list) else [value]
    said = [text for text in found if isinstance(text, str) and text]
    return Prose(tuple(dict.fromkeys(said)), "note") if said else None


def _parcel_matrix(part: Part, checks: list[dict[str, Any]]) -> Table | None:
    """One row per parcel: its state and the state of every indicator."""
    indicators = list(dict.fromkeys(str(row.get("indicator")) for row in checks))
    cells: dict[str, dict[str, Any]] = {}
    for row in checks:
        states = cells.setdefault(str(row.get("parcel_id")), {})
        states[f"_{row.get('indicator')}"] = row.get("state")
    rows = [
        {**row, **cells.get(str(row.get("parcel_id")), {})} for row in part.get("parcels") or []
    ]
    table = make_table(
        "table-standard-parcels",
        _("各宗地履约情况"),
        rows,
        "row parcel_id holder_name area_mu stage state reason",
        worst=worst_state,
        note=_(
            "行号指宗地台账。各指标列：✓ 达标，✗ 不达标，! 逾期，… 未到考核期，? 缺数据，– 不适用。"
        ),
        forms=frozenset({"page", "workbook"}),
    )
    if table is None:
        return None
    from greenland.report.tables import Column

    marks = tuple(Column(f"_{key}", name(key), kind="mark") for key in indicators)
    place = next((i for i, c in enumerate(table.columns) if c.key == "reason"), len(table.columns))
    columns = (*table.columns[:place], *marks, *table.columns[place:])
    return replace(table, columns=columns)


def per_mu(part: Part) -> Section:
    """亩均效益: scores, classes, and the park against its floor."""
    park = part.get("park") or {}
    scheme = part.get("scheme") or {}
    lead = _(
        "参评企业 {firms} 家、用地 {land} 亩，"
        "园区亩均税收 {tax} 万元、亩均营业收入 {revenue} 万元。",
        firms=fmt.number(park.get("firms"), 0),
        land=fmt.number(park.get("land_mu"), 0),
        tax=fmt.number(park.get("tax_per_mu"), 2),
        revenue=fmt.number(park.get("revenue_per_mu"), 1),
    )
    floor = part.get("floor") or {}
    keys = ("tax_per_mu", "revenue_per_mu", "output_per_mu", "value_added_per_mu")
    before = part.get("previous") or {}
    figures = tuple(
        figure(key, park[key], before.get(key)) for key in keys if park.get(key) is not None
    )
    blocks = some(
        (
            Verdicts((verdict(floor, "table-per-mu-firms"),)) if floor else None,
            Figures(figures) if figures else None,
            _missing(park),
            _scheme(scheme),
            charts.class_shares(part),
            make_table(
                "table-per-mu-summary",
                _("分等级汇总"),
                part.get("summary"),
                "class firms land_mu tax_wan revenue_wan tax_per_mu revenue_per_mu",
                forms=PAGE_AND_MORE,
            ),
            charts.score_distribution(part),
            charts.tax_scatter(part),
            make_table(
                "table-per-mu-firms",
                _("企业亩均效益排名"),
                part.get("firms"),
                "row firm_name group industry_code land_mu tax_per_mu revenue_per_mu "
                "output_per_mu value_added_per_mu value_added_per_tce value_added_per_emission "
                "labour_productivity rd_intensity tax_per_mwh score class rank points_to_next "
                "reason",
                worst=_lowest_score,
                note=_("得分由低到高排列；行号指企业效益表。"),
            ),
            charts.industry_bars(part),
            make_table(
                "table-per-mu-industries",
                _("分行业亩均效益"),
                [
                    {**row, "industry_name": industry(row.get("industry_code"))}
                    for row in part.get("industries") or []
                ],
                "industry_code industry_name level firms land_mu tax_per_mu revenue_per_mu "
                "output_per_mu missing",
                worst=largest("land_mu"),
            ),
            make_table(
                "table-per-mu-movements",
                _("等级变动"),
                part.get("movements"),
                "from to firms",
                forms=PAGE_AND_MORE,
            ),
            renamed(
                make_table(
                    "table-per-mu-boundaries",
                    _("等级分界"),
                    part.get("boundaries"),
                    "group class share score firms ties reason",
                ),
                "score",
                _("分界分值"),
            ),
            make_table(
                "table-per-mu-benchmarks",
                _("指标基准值与权重"),
                part.get("benchmarks"),
                "group indicator benchmark unit weight method",
            ),
            make_table(
                "table-per-mu-items",
                _("企业逐项得分"),
                part.get("items"),
                "firm_id indicator value benchmark ratio weight score treatment reason",
                forms=WORKBOOK,
            ),
            make_table(
                "table-per-mu-trend",
                _("企业历年亩均效益"),
                part.get("trend"),
                "firm_id year tax_per_mu revenue_per_mu score class",
                forms=WORKBOOK,
            ),
        )
    )
    return Section("per-mu", _("亩均效益"), lead, blocks)


def _lowest_score(row: Part) -> tuple[int, float]:
    score = fmt.as_number(row.get("score"))
    return (1, 0.0) if score is None else (0, score)


def _missing(park: Part) -> Prose | None:
    missing = park.get("missing")
    if isinstance(missing, Mapping):
        said = _("、").join(
            _("{indicator} {count} 家", indicator=name(str(key)), count=count)
            for key, count in missing.items()
            if count
        )
        if said:
            return Prose((_("园区平均值未含缺数据的企业：{said}。", said=said),), "note")
    return None


def _scheme(scheme: Part) -> Facts | None:
    if not scheme:
        return None
    items: list[tuple[str, str]] = [
        (_("评价方案"), title_of(scheme) or str(scheme.get("id"))),
        (_("依据文件"), str(scheme.get("document") or fmt.DASH)),
    ]
    if scheme.get("confidence"):
        items.append((name("confidence"), value_label("confidence", str(scheme["confidence"]))))
    if scheme.get("note"):
        items.append((name("note"), str(scheme["note"])))
    return Facts(tuple(items))


def review(part: Part) -> Section:
    """年度评价: indicators against ideals, the score, the potentials."""
    score, before = part.get("land_intensity_score"), part.get("previous_score")
    lead = _(
        "综合分值 {score} 分（上年 {previous}），{zone}，尚可供地 {years} 年。",
        score=fmt.number(score, 2),
        previous=fmt.number(before, 2),
        zone=value_label("zone_type", str(part.get("zone_type") or "")) or fmt.DASH,
        years=fmt.number(part.get("years_of_supply_mean"), 1),
    )
    figures = some_figures(part, before)
    reason = part.get("zone_type_reason")
    blocks = some(
        (
            Figures(figures) if figures else None,
            _scheme(part.get("scheme") or {}),
            Prose((str(reason),)) if reason else None,
            Prose((str(part["kind_reason"]),)) if part.get("kind_reason") else None,
            charts.indicators_against_ideal(part),
            make_table(
                "table-review-indicators",
                _("评价指标"),
                part.get("indicators"),
                "indicator unit value ideal standardised weight contribution previous change "
                "national formula numerator denominator rule_id reason",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            charts.score_waterfall(part),
            make_table(
                "table-review-nodes",
                _("分层得分"),
                _nodes(part.get("nodes") or []),
                "part node parent level weight score reason",
                fold=0,
            ),
            make_table(
                "table-review-parts", _("分片区得分"), part.get("parts"), "part weight score"
            ),
            charts.land_balance(part),
            make_table(
                "table-review-land-use",
                _("土地利用状况"),
                [{**row, "title": title_of(row)} for row in part.get("land_use") or []],
                "code title area_ha previous_ha",
                fold=0,
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-review-identities",
                _("面积恒等关系检查"),
                part.get("identities"),
                "identity left_ha right_ha difference_ha state",
            ),
            notes(part),
            make_table(
                "table-review-potentials",
                _("节约集约用地潜力"),
                part.get("potentials"),
                "potential indicator value_ha surplus_ha formula reason",
                forms=PAGE_AND_MORE,
            ),
        )
    )
    return Section("review", _("土地节约集约利用年度评价"), lead, blocks)


def _nodes(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tree with the names the scheme gives its nodes."""
    names = {str(row.get("node")): title_of(row) for row in nodes}
    named = {key: text or name(key) for key, text in names.items()}
    return [
        {
            **row,
            "node": named[str(row.get("node"))],
            "parent": named.get(str(row.get("parent"))) if row.get("parent") else None,
        }
        for row in nodes
    ]


def some_figures(part: Part, before: Any) -> tuple[Figure, ...]:
    """Score and years of supply."""
    items = [figure("land_intensity_score", part.get("land_intensity_score"), before)]
    for key in ("years_of_supply_mean", "years_of_supply_peak"):
        if part.get(key) is not None:
            items.append(figure(key, part[key]))
    return tuple(items)


def stock(part: Part) -> Section:
    """存量: three ledgers, disposal, and what becomes idle next."""
    totals = {str(row.get("ledger")): row for row in part.get("totals") or []}
    said = _("，").join(
        _(
            "{ledger} {parcels} 宗 {area} 亩",
            ledger=value_label("ledger", key),
            parcels=row.get("parcels"),
            area=fmt.number(row.get("area_mu"), 1),
        )
        for key, row in totals.items()
    )
    lead = _("截至 {day}，{said}。", day=fmt.long_date(part.get("as_of")), said=said or fmt.DASH)
    disposal = [
        Verdict(
            subject=_(
                "{rate}（{year} 年）",
                rate=name(f"disposal_rate_{row.get('ledger')}"),
                year=row.get("year"),
            ),
            state=str(row.get("state") or "no_data"),
            value=fmt.share(row.get("rate")),
            required=f"≥ {fmt.share(row['target'])}" if row.get("target") is not None else fmt.DASH,
            rule_id=row.get("rule_id"),
            target="table-stock-disposal",
            reason=str(row.get("reason") or ""),
        )
        for row in _latest(part.get("disposal") or [])
    ]
    blocks = some(
        (
            Verdicts(tuple(disposal)) if disposal else None,
            make_table(
                "table-stock-totals",
                _("存量土地汇总"),
                part.get("totals"),
                "ledger parcels area_mu area_ha missing",
                forms=PAGE_AND_MORE,
            ),
            charts.stock_by_age(part),
            make_table(
                "table-stock-idle",
                _("闲置土地台账"),
                part.get("idle"),
                "row parcel_id holder_name area_mu definition idle_since months cause fee_wan "
                "take_back_date consequence rule_id reason",
                worst=largest("months"),
                note=_("历时由长到短排列；行号指宗地台账。"),
            ),
            make_table(
                "table-stock-undecided",
                _("数据不足、不能认定是否闲置的宗地"),
                [row for row in part.get("undecided") or [] if isinstance(row, Mapping)],
                "row parcel_id holder_name area_mu reason",
            ),
            make_table(
                "table-stock-unsupplied",
                _("批而未供土地台账"),
                part.get("unsupplied"),
                "row parcel_id area_mu approval_date months lapse_date state rule_id reason",
                worst=largest("months"),
                note=_("历时由长到短排列；行号指宗地台账。"),
            ),
            make_table(
                "table-stock-inefficient",
                _("低效用地台账"),
                part.get("inefficient"),
                "row parcel_id holder_name area_mu criteria floor_area_ratio_potential_mu "
                "investment_intensity_potential_mu tax_per_mu_potential_mu rule_id",
                worst=largest("area_mu"),
            ),
            make_table(
                "table-stock-disposal",
                _("历年处置"),
                part.get("disposal"),
                "ledger year stock_ha added_ha disposed_ha rate target state rule_id reason",
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-stock-forecast",
                _("即将构成闲置的宗地"),
                part.get("forecast"),
                "parcel_id holder_name area_mu definition becomes_idle_on reason",
                worst=lambda row: str(row.get("becomes_idle_on")),
            ),
            notes(part),
        )
    )
    return Section("stock", _("存量土地：批而未供、闲置、低效"), lead, blocks)


def _latest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the latest year."""
    last = max((fmt.as_number(row.get("year")) or 0 for row in rows), default=0)
    return [row for row in rows if (fmt.as_number(row.get("year")) or 0) == last]


def exit_and_reallocation(
    leaving: Part | None, placing: Part | None, geometry: Part | None
) -> Section:
    """退出与再配置: who leaves, and what comes onto the land."""
    blocks: list[Block | None] = []
    leads: list[str] = []
    if leaving is not None:
        leads.append(_exit_lead(leaving))
        blocks += _exit_blocks(leaving, geometry)
    if placing is not None:
        leads.append(_reallocation_lead(placing))
        blocks += _reallocation_blocks(placing)
    return Section("exit", _("退出与再配置"), "".join(leads), some(blocks))


def _exit_lead(part: Part) -> str:
    summary = {str(row.get("decision")): row for row in part.get("summary") or []}
    out = summary.get("exit", {})
    return _(
        "建议退出 {parcels} 宗、{area} 亩。",
        parcels=out.get("parcels") or 0,
        area=fmt.number(out.get("area_mu") or 0, 1),
    )


def _exit_blocks(part: Part, geometry: Part | None) -> list[Block | None]:
    standing = {
        str(row.get("parcel_id")): str(row.get("decision")) for row in part.get("parcels") or []
    }
    holders = {
        str(row.get("parcel_id")): row.get("holder_name") for row in part.get("parcels") or []
    }
    return [
        make_table(
            "table-exit-summary",
            _("处置意见汇总"),
            part.get("summary"),
            "decision parcels area_mu",
            worst=worst_by("decision"),
            forms=PAGE_AND_MORE,
        ),
        charts.parcel_map(geometry, standing, holders),
        make_table(
            "table-exit-parcels",
            _("逐宗处置意见"),
            part.get("parcels"),
            "row parcel_id holder_name area_mu decision route by_date gap evidence rule_id reason",
            worst=worst_by("decision", "by_date"),
        ),
        notes(part),
    ]


def _reallocation_lead(part: Part) -> str:
    return _(
        "再配置模型状态：{status}，目标值 {value}，较逐项安排（{greedy}）高 {gain}。",
        status=value_label("status", str(part.get("status"))),
        value=fmt.number(part.get("objective"), 1),
        greedy=fmt.number(part.get("greedy_objective"), 1),
        gain=_gain(part.get("objective"), part.get("greedy_objective")),
    )


def _gain(value: Any, base: Any) -> str:
    after, before = fmt.as_number(value), fmt.as_number(base)
    return fmt.DASH if after is None or not before else fmt.share(after / before - 1)


def _reallocation_blocks(part: Part) -> list[Block | None]:
    facts = (
        (name("objective"), value_label("objective", str(part.get("objective_name") or fmt.DASH))),
        (_("目标值"), fmt.number(part.get("objective"), 1)),
        (_("逐项安排的目标值"), fmt.number(part.get("greedy_objective"), 1)),
        (_("理论上界"), fmt.number(part.get("bound"), 1)),
        (_("与上界的差距"), fmt.share(part.get("gap"), 2)),
    )
    return [
        charts.reallocation(part),
        Facts(facts),
        make_table(
            "table-reallocation-assignments",
            _("项目落位方案"),
            part.get("assignments"),
            "project_id project_name parcel_ids area_mu benefit",
            worst=largest("benefit"),
            forms=PAGE_AND_MORE,
        ),
        make_table(
            "table-reallocation-projects",
            _("各项目配置结果"),
            part.get("projects"),
            "project_id project_name requested_area_mu area_mu placed greedy_placed benefit reason "
            "remedy",
            worst=lambda row: (bool(row.get("placed")), str(row.get("project_id"))),
        ),
        make_table(
            "table-reallocation-parcels",
            _("可配置地块使用情况"),
            part.get("parcels"),
            "parcel_id source area_mu used_mu",
        ),
        make_table(
            "table-reallocation-pieces",
            _("地块划分"),
            part.get("pieces"),
            "project_id parcel_id area_mu",
            forms=WORKBOOK,
        ),
        notes(part),
    ]


def admission(part: Part) -> Section:
    """准入: projects against existing ones of the same kind."""
    projects = part.get("projects") or []
    counts = {
        key: sum(1 for row in projects if row.get("verdict") == key)
        for key in ("admitted", "conditional", "rejected", "no_data")
    }
    lead = _(
        "{total} 个储备项目：同意入园 {admitted} 个，有条件 {conditional} 个，"
        "不予入园 {rejected} 个，缺数据 {no_data} 个。",
        total=len(projects),
        **counts,
    )
    titles = {str(row.get("project_id")): row.get("project_name") for row in projects}
    checks = [
        {"project_name": titles.get(str(row.get("project_id"))), **row}
        for row in part.get("checks") or []
    ]
    blocks = some(
        (
            make_table(
                "table-admission-projects",
                _("项目准入结论"),
                projects,
                "row project_id project_name industry_code basis peers verdict requested_area_mu "
                "passing_area_mu reason",
                worst=worst_by("verdict", "project_id"),
                forms=PAGE_AND_MORE,
            ),
            make_table(
                "table-admission-checks",
                _("项目准入逐项核查"),
                checks,
                "project_id project_name indicator value required direction margin state basis "
                "rule_id reason",
                worst=worst_state,
            ),
        )
    )
    return Section("admission", _("项目准入"), lead, blocks)


def policy(part: Part) -> Section:
    """政策兑现: targets, rewards and penalties, next year's quota."""
    measures = part.get("measures") or []
    targets = part.get("targets") or []
    quota = part.get("quota") or {}
    lead = _(
        "对照目标 {targets} 项，触发政策措施 {measures} 条。",
        targets=len(targets),
        measures=len(measures),
    )
    rows = [verdict(row, "policy") for row in targets]
    if quota:
        rows.append(_quota(quota))
    blocks = some(
        (
            Verdicts(tuple(rows)) if rows else None,
            make_table(
                "table-policy-targets",
                _("目标对照"),
                targets,
                "indicator value required direction state rule_id reason",
                worst=worst_state,
                forms=WORKBOOK,
            ),
            make_table(
                "table-policy-measures",
                _("触发的政策措施"),
                measures,
                "subject_name kind measure facts rule_id reason",
                worst=lambda row: (
                    str(row.get("subject")) != "park",
                    str(row.get("kind")),
                    str(row.get("subject")),
                ),
            ),
            notes(part),
        )
    )
    return Section("policy", _("差别化政策与用地指标"), lead, blocks)


def _quota(quota: Part) -> Verdict:
    factor = fmt.as_number(quota.get("factor"))
    words = _(
        "基数 {base} 公顷，调整 {factor}，下一年度 {next} 公顷",
        base=fmt.number(quota.get("base_ha"), 2),
        factor=fmt.DASH if factor is None else fmt.signed(factor * 100, 0) + "%",
        next=fmt.number(quota.get("next_ha"), 2),
    )
    return Verdict(
        subject=_("新增建设用地指标"),
        state=str(quota.get("state") or "no_data"),
        value=words,
        required=fmt.DASH,
        rule_id=quota.get("rule_id"),
        target="table-policy-measures",
        reason=str(quota.get("reason") or quota.get("facts") or ""),
    )
