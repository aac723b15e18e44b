"""An invented results record with every section, for the report's tests.

All names and figures are invented. Plausible in kind, not in detail; no seed but arithmetic, so
that it is the same everywhere.
"""

from __future__ import annotations

import copy
import math
from functools import cache
from typing import Any

INDUSTRIES = ("13", "15", "26", "27", "30", "31", "32", "33", "34", "38", "39")
NAMES = ("硅业", "铝材", "食品", "化工", "药业", "电气", "机械", "陶瓷", "金属", "电子", "包装")


def wave(i: int, k: float = 1.0) -> float:
    """A number between 0 and 1 that looks irregular."""
    return math.modf(abs(math.sin(i * 12.9898 * k + k)) * 43758.5453)[0]


def rule(
    rule_id: str, value: Any, unit: str, title: str, document: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": rule_id,
        "value": value,
        "unit": unit,
        "title": title,
        "title_en": f"{rule_id.rsplit('.', 1)[-1]} (invented)",
        "document": document,
        "clause": "第24条",
        "valid_from": "2023-01-01",
        "valid_to": None,
        "confidence": "text",
        "pack": "yunnan",
        "note": "",
        "overridden": False,
        "replaces": None,
        **more,
    }


def rules() -> list[dict[str, Any]]:
    own = rule(
        "energy.direct.export",
        0.2,
        "share",
        "上网比例上限",
        "发改能源〔2025〕650号",
        pack="national",
    )
    return [
        rule(
            "land.standard_land.share",
            0.6,
            "share",
            "“标准地”出让比例",
            "楚办发〔2023〕5号",
            pack="chuxiong",
        ),
        rule(
            "land.per_mu.floor", 400, "万元/亩·年", "亩均产出下限", "云南省“十四五”产业园区发展规划"
        ),
        rule(
            "land.control.far",
            {"13": 1.0, "26": 0.6},
            "",
            "容积率控制指标",
            "工业项目建设用地控制指标",
            confidence="secondary",
        ),
        rule("land.idle.fee", 0.2, "share", "土地闲置费", "国土资源部令第53号", pack="national"),
        rule(
            "land.disposal.idle",
            0.3,
            "share",
            "闲置土地处置率",
            "楚办发〔2023〕5号",
            pack="chuxiong",
        ),
        rule("land.exit.class_d", None, "", "D类企业退出", "园区方案", confidence="assumption"),
        rule(
            "energy.direct.self_use",
            0.6,
            "share",
            "自发自用占可用发电量比例",
            "发改能源〔2025〕650号",
            pack="national",
        ),
        rule(
            "energy.direct.consumption",
            0.3,
            "share",
            "自发自用占总用电量比例",
            "发改能源〔2025〕650号",
            pack="national",
        ),
        {
            **own,
            "value": 0.15,
            "pack": "park",
            "overridden": True,
            "replaces": own,
            "document": "园区会议纪要",
        },
    ]


def standard_land(parcels: int) -> dict[str, Any]:
    indicators = (
        ("investment_intensity", 250.0, ">="),
        ("floor_area_ratio", 1.0, ">="),
        ("building_coefficient", 0.4, ">="),
        ("green_ratio", 0.2, "<="),
        ("tax_per_mu", 15.0, ">="),
        ("rd_intensity", 0.02, ">="),
    )
    checks: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for i in range(parcels):
        states = []
        for k, (indicator, required, direction) in enumerate(indicators):
            late = k >= 4 and i % 3 == 0
            if late:
                state, value = ("overdue" if i % 21 == 0 else "not_due"), None
            elif wave(i, k + 2) < 0.04:
                state, value = "no_data", None
            else:
                value = required * (0.7 + 0.8 * wave(i, k + 1))
                good = value >= required if direction == ">=" else value <= required
                state = "met" if good else "failed"
            states.append(state)
            margin = None
            if value is not None:
                margin = value - required if direction == ">=" else required - value
            checks.append(
                {
                    "row": i + 4,
                    "parcel_id": f"YN-{i + 1:04d}",
                    "indicator": indicator,
                    "value": value,
                    "required": required,
                    "direction": direction,
                    "margin": margin,
                    "state": state,
                    "stage": "completion" if k < 4 else "production",
                    "due_date": "2025-06-30",
                    "basis": "control" if k == 1 else "contract",
                    "rule_id": "land.control.far" if k == 1 else None,
                    "reason": "台账没有填写" if state == "no_data" else None,
                }
            )
        worst = next(s for s in ("failed", "overdue", "no_data", "not_due", "met") if s in states)
        rows.append(
            {
                "row": i + 4,
                "parcel_id": f"YN-{i + 1:04d}",
                "holder_name": f"云岭{NAMES[i % 11]}{i + 1}有限公司",
                "area_mu": 20 + 180 * wave(i),
                "stage": "production",
                "state": worst,
                "reason": None,
            }
        )
    order = ("met", "failed", "not_due", "overdue", "no_data", "not_applicable")
    return {
        "evaluated": True,
        "share": {
            "year": 2025,
            "standard_land_share": 0.5813,
            "standard_land_ha": 36.2,
            "industrial_supplied_ha": 62.27,
            "target": 0.6,
            "target_year": 2025,
            "state": "failed",
            "rule_id": "land.standard_land.share",
            "reason": None,
        },
        "path": [
            {
                "year": 2023,
                "standard_land_share": 0.35,
                "target": 0.3,
                "needed": None,
                "rule_id": None,
            },
            {
                "year": 2024,
                "standard_land_share": 0.5102,
                "target": 0.45,
                "needed": None,
                "rule_id": None,
            },
            {
                "year": 2025,
                "standard_land_share": 0.5813,
                "target": 0.6,
                "needed": 0.0187,
                "rule_id": "land.standard_land.share",
            },
            {
                "year": 2028,
                "standard_land_share": None,
                "target": 1.0,
                "needed": None,
                "rule_id": None,
            },
        ],
        "summary": [
            {
                "state": s,
                "parcels": n,
                "area_mu": sum(r["area_mu"] for r in rows if r["state"] == s),
            }
            for s in order
            if (n := sum(1 for r in rows if r["state"] == s))
        ],
        "by_indicator": [
            {
                "indicator": name,
                **{
                    s: sum(1 for c in checks if c["indicator"] == name and c["state"] == s)
                    for s in order
                },
            }
            for name, _r, _d in indicators
        ],
        "parcels": rows,
        "checks": checks,
        "breaches": [
            {
                "parcel_id": "YN-0001",
                "measure": "责令限期整改",
                "rule_id": "land.control.far",
                "reason": "容积率不足",
            }
        ],
    }


def per_mu(firms: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for i in range(firms):
        land = 12 + 300 * wave(i, 3) ** 2
        tax = 45 * wave(i, 5) ** 2 - 0.5
        revenue = tax * (8 + 25 * wave(i, 7)) + 40
        score = max(0.0, min(150.0, tax * 3 + 20 * wave(i, 9)))
        rows.append(
            {
                "row": i + 3,
                "firm_id": f"91532300MA6{i:06d}X",
                "firm_name": f"云岭{NAMES[i % 11]}{i + 1}有限公司",
                "group": "above_scale" if i % 4 else "below_scale",
                "industry_code": INDUSTRIES[i % 11] + "1",
                "land_mu": land,
                "tax_per_mu": tax,
                "revenue_per_mu": revenue,
                "output_per_mu": revenue * 1.04,
                "value_added_per_mu": revenue * 0.24,
                "value_added_per_tce": None if i % 17 == 0 else 0.6 + 3 * wave(i, 11),
                "value_added_per_emission": 1000 + 4000 * wave(i, 13),
                "labour_productivity": 12 + 40 * wave(i, 15),
                "rd_intensity": 0.0004 if i % 9 == 0 else 0.04 * wave(i, 17),
                "tax_per_mwh": 0.05 + 0.3 * wave(i, 19),
                "score": score,
                "reason": "未填报综合能耗" if i % 17 == 0 else None,
            }
        )
    rows[-1].update(score=None, reason="投产不满两年，不参评")
    ranked = sorted((r for r in rows if r["score"] is not None), key=lambda r: -r["score"])
    for place, row in enumerate(ranked):
        share = (place + 0.5) / len(ranked)
        row["rank"] = place + 1
        row["class"] = "A" if share < 0.2 else "B" if share < 0.65 else "C" if share < 0.95 else "D"
    rows[-1].update({"class": "exempt", "rank": None})
    summary = []
    for grade in ("A", "B", "C", "D"):
        own = [r for r in rows if r["class"] == grade]
        land = sum(r["land_mu"] for r in own)
        tax = sum(r["tax_per_mu"] * r["land_mu"] for r in own)
        revenue = sum(r["revenue_per_mu"] * r["land_mu"] for r in own)
        summary.append(
            {
                "class": grade,
                "firms": len(own),
                "land_mu": land,
                "tax_wan": tax,
                "revenue_wan": revenue,
                "tax_per_mu": tax / land if land else None,
                "revenue_per_mu": revenue / land if land else None,
            }
        )
    land = sum(r["land_mu"] for r in rows)
    return {
        "evaluated": True,
        "year": 2025,
        "scheme": {
            "id": "example",
            "title": "示例方案",
            "title_en": "Example scheme",
            "document": "园区管委会〔2024〕1号",
            "confidence": "user",
        },
        "firms": rows,
        "items": [
            {
                "firm_id": row["firm_id"],
                "indicator": "tax_per_mu",
                "value": row["tax_per_mu"],
                "benchmark": 26.01,
                "ratio": row["tax_per_mu"] / 26.01,
                "weight": 30,
                "score": 30 * row["tax_per_mu"] / 26.01,
                "treatment": "scored",
                "reason": None,
            }
            for row in rows
        ],
        "benchmarks": [
            {
                "group": "above_scale",
                "indicator": "tax_per_mu",
                "benchmark": 26.01,
                "weight": 30,
                "method": "given",
                "unit": "万元/亩·年",
            },
            {
                "group": "above_scale",
                "indicator": "rd_intensity",
                "benchmark": 0.0305,
                "weight": 10,
                "method": "given",
                "unit": "share",
            },
        ],
        "summary": summary,
        "park": {
            "tax_per_mu": sum(r["tax_per_mu"] * r["land_mu"] for r in rows) / land,
            "revenue_per_mu": 388.2,
            "output_per_mu": 403.7,
            "value_added_per_mu": 93.2,
            "land_mu": land,
            "firms": firms,
            "missing": {"value_added_per_tce": 5},
        },
        "previous": {"tax_per_mu": 11.42},
        "floor": {
            "indicator": "output_per_mu",
            "value": 403.7,
            "required": 400,
            "state": "met",
            "rule_id": "land.per_mu.floor",
            "reason": None,
        },
        "industries": [
            {
                "industry_code": code,
                "industry_name": f"{NAMES[k]}制造业",
                "level": "division",
                "firms": 8,
                "land_mu": 500 + 90 * k,
                "tax_per_mu": 6 + 20 * wave(k, 21),
                "revenue_per_mu": 300 + 200 * wave(k, 22),
                "output_per_mu": 310 + 200 * wave(k, 22),
            }
            for k, code in enumerate(INDUSTRIES)
        ],
        "trend": [
            {
                "firm_id": r["firm_id"],
                "year": y,
                "tax_per_mu": r["tax_per_mu"] * f,
                "revenue_per_mu": r["revenue_per_mu"] * f,
                "score": None,
                "class": None,
            }
            for r in rows[:20]
            for y, f in ((2023, 0.85), (2024, 0.93))
        ],
        "movements": [{"from": "B", "to": "A", "firms": 4}, {"from": "C", "to": "D", "firms": 2}],
        "boundaries": [
            {"group": "above_scale", "class": "A", "share": 0.2, "score": 98.31, "ties": 0}
        ],
    }


def review() -> dict[str, Any]:
    # ideals: the public reference set; values: the Binxi case, both as in the land notes
    values = (
        ("land_development_rate", 0.5273, 0.93, 0.8946, "share"),
        ("land_supply_rate", 0.8712, 1.0, 0.9268, "share"),
        ("land_completion_rate", 0.9861, 1.0, 0.9277, "share"),
        ("industrial_land_share", 0.7117, 0.61, 0.4852, "share"),
        ("zone_floor_area_ratio", 0.5183, 1.14, 0.98, ""),
        ("zone_building_density", 0.2243, 0.42, None, "share"),
        ("industrial_floor_area_ratio", 0.6419, 1.10, 0.93, ""),
        ("industrial_building_coefficient", 0.3759, 0.5, None, "share"),
        ("industrial_investment_intensity", 2179.46, 3987.0, 8984.3, "万元/公顷"),
        ("industrial_tax_per_ha", 73.11, 375.0, 678.99, "万元/公顷"),
        ("idle_land_rate", 0.0123, 0.0, None, "share"),
    )
    return {
        "evaluated": True,
        "year": 2025,
        "kind": "update",
        "zone_type": "industrial",
        "zone_type_reason": "工业用地率 71.2%，住宅用地占 0.4%",
        "scheme": {
            "id": "tdt",
            "title": "参考实现",
            "title_en": "Reference implementation",
            "document": "TD/T 1029",
            "confidence": "implementation",
        },
        "indicators": [
            {
                "indicator": key,
                "value": value,
                "unit": unit,
                "ideal": ideal,
                "standardised": min(100.0, 100 * value / ideal) if ideal else 98.77,
                "weight": 0.09,
                "contribution": 5.5,
                "previous": value * 0.97,
                "change": value * 0.03,
                "national": national,
                "formula": "(A+B21)/(A+B)",
                "numerator": 897.7381,
                "denominator": 1702.673,
                "reason": None,
                "rule_id": None,
            }
            for key, value, ideal, national, unit in values
        ],
        "nodes": [
            {"node": "land_use_status", "parent": None, "level": 1, "weight": 0.7, "score": 71.2},
            {"node": "land_use_benefit", "parent": None, "level": 1, "weight": 0.2, "score": 44.1},
            {
                "node": "management_performance",
                "parent": None,
                "level": 1,
                "weight": 0.1,
                "score": 98.8,
            },
        ],
        "land_intensity_score": 68.54,
        "previous_score": 66.9,
        "changes": [
            {"indicator": "industrial_tax_per_ha", "delta_score": 1.31},
            {"indicator": "zone_floor_area_ratio", "delta_score": 0.62},
            {"indicator": "idle_land_rate", "delta_score": -0.29},
        ],
        "potentials": [
            {
                "potential": "expansion_potential",
                "value_ha": 920.54,
                "surplus_ha": None,
                "formula": "E",
                "reason": None,
            },
            {
                "potential": "structure_potential",
                "value_ha": 0,
                "surplus_ha": 78.4,
                "formula": "A×(0.61−0.7117)",
                "reason": "现状高于理想值",
            },
        ],
        "years_of_supply_mean": 12.48,
        "years_of_supply_peak": 7.45,
        "identities": [
            {
                "identity": "A+B+C = D+E+F",
                "left_ha": 1857.7006,
                "right_ha": 1857.7006,
                "difference_ha": 0,
                "state": "met",
            }
        ],
        "land_use": [
            {
                "code": code,
                "title": title,
                "title_en": f"land {code}",
                "area_ha": area,
                "previous_ha": area * 0.98,
                "depth": depth,
            }
            for code, title, area, depth in (
                ("A", "已建成城镇建设用地", 771.2867, 0),
                ("A2", "工矿仓储用地", 548.9182, 1),
                ("B", "未建成城镇建设用地", 931.3863, 0),
                ("C", "不可建设土地", 155.0276, 0),
                ("D", "已供应国有建设用地", 782.1337, 0),
                ("E", "尚可供应土地", 920.5393, 0),
                ("F", "不可供应土地", 155.0276, 0),
                ("G", "闲置土地", 9.62, 0),
            )
        ],
        "parts": [
            {"part": "main", "weight": 0.8, "score": 70.1},
            {"part": "development", "weight": 0.2, "score": 62.3},
        ],
    }


def stock() -> dict[str, Any]:
    idle = [
        {
            "row": 30 + i,
            "parcel_id": f"YN-{40 + i:04d}",
            "holder_name": f"云岭{NAMES[i]}{40 + i}有限公司",
            "area_mu": 30 + 40 * wave(i, 31),
            "definition": ("a", "b_area", "b_investment")[i % 3],
            "idle_since": "2023-03-01",
            "months": 13 + 6 * i,
            "cause": "government" if i == 2 else "firm",
            "fee_wan": 120.5 + i,
            "take_back_date": f"2026-0{i + 1}-15",
            "consequence": "征缴土地闲置费",
            "rule_id": "land.idle.fee",
            "reason": "约定开工日期后满一年未动工",
        }
        for i in range(8)
    ]
    unsupplied = [
        {
            "row": 60 + i,
            "parcel_id": f"YN-{80 + i:04d}",
            "area_mu": 40 + 60 * wave(i, 33),
            "approval_date": "2024-02-01",
            "months": 6 + 4 * i,
            "lapse_date": f"2026-{i % 9 + 1:02d}-01",
            "state": "overdue" if i > 5 else "not_due",
            "rule_id": "land.idle.fee",
            "reason": None,
        }
        for i in range(9)
    ]
    inefficient = [
        {
            "row": 90 + i,
            "parcel_id": f"YN-{90 + i:04d}",
            "holder_name": f"云岭{NAMES[i]}{90 + i}有限公司",
            "area_mu": 25.0 + i,
            "criteria": ["亩均效益 D 类", "容积率低于标准"],
            "reason": "亩均税收 1.2 万元",
        }
        for i in range(6)
    ]
    return {
        "evaluated": True,
        "as_of": "2025-12-31",
        "unsupplied": unsupplied,
        "idle": idle,
        "inefficient": inefficient,
        "totals": [
            {
                "ledger": key,
                "parcels": len(rows),
                "area_mu": sum(r["area_mu"] for r in rows),
                "area_ha": sum(r["area_mu"] for r in rows) / 15,
                "missing": 0,
            }
            for key, rows in (
                ("unsupplied", unsupplied),
                ("idle", idle),
                ("inefficient", inefficient),
            )
        ],
        "disposal": [
            {
                "ledger": "unsupplied",
                "year": 2025,
                "stock_ha": 52.3,
                "disposed_ha": 14.1,
                "rate": 0.2696,
                "target": 0.25,
                "state": "met",
                "rule_id": "land.disposal.idle",
                "reason": None,
            },
            {
                "ledger": "idle",
                "year": 2025,
                "stock_ha": 31.2,
                "disposed_ha": 7.4,
                "rate": 0.2372,
                "target": 0.3,
                "state": "failed",
                "rule_id": "land.disposal.idle",
                "reason": "两宗涉诉",
            },
        ],
        "forecast": [
            {
                "parcel_id": "YN-0101",
                "holder_name": "云岭电子101有限公司",
                "area_mu": 42.1,
                "definition": "a",
                "becomes_idle_on": "2026-05-01",
                "reason": None,
            }
        ],
    }


def exit_part() -> dict[str, Any]:
    rows = [
        {
            "row": 4 + i,
            "parcel_id": f"YN-{i + 1:04d}",
            "holder_id": None,
            "holder_name": f"云岭{NAMES[i % 11]}{i + 1}有限公司",
            "area_mu": 20 + 180 * wave(i),
            "decision": "exit"
            if i % 13 == 0
            else "supervise"
            if i % 7 == 0
            else "improve"
            if i % 3 == 0
            else "keep",
            "route": "收储再开发" if i % 13 == 0 else None,
            "by_date": "2026-12-31" if i % 13 == 0 else "2027-06-30" if i % 7 == 0 else None,
            "gap": "亩均税收低 8.3 万元" if i % 3 == 0 else None,
            "evidence": "亩均效益 D 类" if i % 13 == 0 else None,
            "rule_id": "land.exit.class_d" if i % 13 == 0 else None,
        }
        for i in range(60)
    ]
    return {
        "evaluated": True,
        "parcels": rows,
        "summary": [
            {"decision": d, "parcels": len(own), "area_mu": sum(r["area_mu"] for r in own)}
            for d in ("keep", "improve", "supervise", "exit")
            if (own := [r for r in rows if r["decision"] == d])
        ],
    }


def admission() -> dict[str, Any]:
    verdicts = ("admitted", "conditional", "rejected", "no_data")
    projects = [
        {
            "row": i + 3,
            "project_id": f"P{i + 1:02d}",
            "project_name": f"年产{i + 1}万吨{NAMES[i % 11]}项目",
            "industry_code": INDUSTRIES[i % 11],
            "basis": "division",
            "peers": 7,
            "verdict": verdicts[i % 4],
            "requested_area_mu": 60.0 + i,
            "passing_area_mu": 48.0 if i % 4 == 1 else None,
            "reason": "亩均投资低于同类平均" if i % 4 == 2 else None,
        }
        for i in range(12)
    ]
    return {
        "evaluated": True,
        "projects": projects,
        "checks": [
            {
                "project_id": p["project_id"],
                "indicator": "investment_intensity",
                "value": 210.0,
                "required": 245.3,
                "direction": ">=",
                "margin": -35.3,
                "state": "failed" if p["verdict"] == "rejected" else "met",
                "basis": "division",
                "rule_id": None,
                "reason": None,
            }
            for p in projects
        ],
    }


def reallocation() -> dict[str, Any]:
    return {
        "evaluated": True,
        "status": "optimal",
        "objective": 8123.4,
        "objective_name": "年税收（万元）",
        "greedy_objective": 7510.2,
        "bound": 8123.4,
        "gap": 0.0,
        "seconds": 0.8,
        "assignments": [
            {
                "project_id": "P01",
                "project_name": "年产1万吨硅业项目",
                "parcel_ids": ["YN-0001", "YN-0040"],
                "area_mu": 71.3,
                "benefit": 901.2,
            }
        ],
        "pieces": [{"project_id": "P01", "parcel_id": "YN-0001", "area_mu": 20.1}],
        "projects": [
            {
                "project_id": "P01",
                "placed": True,
                "area_mu": 71.3,
                "requested_area_mu": 60.0,
                "benefit": 901.2,
                "greedy_placed": False,
                "reason": None,
                "remedy": None,
            },
            {
                "project_id": "P03",
                "placed": False,
                "area_mu": None,
                "requested_area_mu": 62.0,
                "benefit": None,
                "greedy_placed": True,
                "reason": "没有足够大的连片土地",
                "remedy": "合并相邻宗地",
            },
        ],
        "parcels": [
            {"parcel_id": "YN-0001", "area_mu": 120.0, "used_mu": 71.3, "source": "exit"},
            {"parcel_id": "YN-0040", "area_mu": 80.0, "used_mu": 80.0, "source": "stock"},
            {"parcel_id": "YN-0081", "area_mu": 60.0, "used_mu": 0.0, "source": "available"},
        ],
    }


def policy() -> dict[str, Any]:
    return {
        "evaluated": True,
        "tier": {"tier": "leading", "title": "引领型园区", "output_yi": 183.2},
        "measures": [
            {
                "subject": "park",
                "subject_name": "park",
                "measure": "扣减下一年度用地指标",
                "kind": "penalty",
                "rule_id": "land.disposal.idle",
                "facts": "闲置土地处置率 23.7%",
                "reason": None,
            },
            {
                "subject": "91532300MA6000001X",
                "subject_name": "云岭铝材2有限公司",
                "measure": "优先保障用地",
                "kind": "reward",
                "rule_id": None,
                "facts": "A 类",
                "reason": None,
            },
        ],
        "quota": {
            "base_ha": 40.0,
            "factor": 0.8,
            "next_ha": 32.0,
            "state": "failed",
            "rule_id": "land.disposal.idle",
            "reason": "闲置处置任务未完成",
        },
        "targets": [
            {
                "indicator": "disposal_rate_idle",
                "value": 0.2372,
                "required": 0.3,
                "state": "failed",
                "rule_id": "land.disposal.idle",
                "reason": None,
            }
        ],
    }


@cache
def columns(days: int) -> dict[str, list[float]]:
    """A made year: PV by day and season, wind by night, a flat load with a dip at New Year."""
    out: dict[str, list[float]] = {
        key: []
        for key in (
            *("load", "pv", "wind", "import", "export", "curtailment"),
            *("battery_charge", "battery_discharge", "battery_energy"),
        )
    }
    stored = 40.0
    for t in range(days * 24):
        day, hour = divmod(t, 24)
        sun = max(0.0, math.sin(math.pi * (hour - 6) / 12)) if 6 <= hour <= 18 else 0.0
        pv = (
            95
            * sun
            * (0.75 + 0.2 * math.cos(2 * math.pi * (day - 80) / 365))
            * (0.5 + 0.5 * wave(day, 41))
        )
        wind = (
            60
            * (0.25 + 0.6 * wave(t // 5, 43))
            * (0.8 + 0.3 * math.cos(2 * math.pi * (day - 45) / 365))
        )
        load = 78 + 14 * math.sin(2 * math.pi * (hour - 4) / 24) + 6 * wave(t, 47)
        surplus = pv + wind - load
        charge = min(25.0, max(0.0, surplus), (100 - stored) / 0.93)
        discharge = min(25.0, max(0.0, -surplus), stored * 0.93)
        stored += charge * 0.93 - discharge / 0.93
        rest = surplus - charge + discharge
        export = min(max(0.0, rest), 20.0)
        values = (
            load,
            pv,
            wind,
            max(0.0, -rest),
            export,
            max(0.0, rest) - export,
            charge,
            discharge,
            stored,
        )
        for key, value in zip(out, values, strict=True):
            out[key].append(round(value, 4))
    return out


def energy(days: int = 365) -> dict[str, Any]:
    made = columns(days)
    total = {key: sum(values) for key, values in made.items()}
    available = total["pv"] + total["wind"]
    used = available - total["export"] - total["curtailment"]
    ratios = {
        "self_use_of_generation": used / available,
        "self_use_of_generation_net": used / available - 0.012,
        "self_use_of_consumption": (total["load"] - total["import"]) / total["load"],
        "export_share": total["export"] / available,
        "curtailment_share": total["curtailment"] / available,
    }
    limits = (
        ("self_use_of_generation", 0.6, ">=", "energy.direct.self_use"),
        ("self_use_of_generation_net", 0.6, ">=", "energy.direct.self_use"),
        ("self_use_of_consumption", 0.3, ">=", "energy.direct.consumption"),
        ("export_share", 0.15, "<=", "energy.direct.export"),
    )
    flow = [{"year": 0, "capex_yuan": -5.4e8, "net_yuan": -5.4e8}]
    flow += [{"year": y, "capex_yuan": 0.0, "net_yuan": 6.1e7 - 2.0e5 * y} for y in range(1, 21)]
    return {
        "evaluated": True,
        "preview": False,
        "case": {},
        "assumptions": [
            {
                "item": "pv",
                "value": 2700,
                "unit": "元/kW",
                "source": "公开工具的默认值",
                "confidence": "secondary",
                "rule_id": None,
            },
            {
                "item": "battery",
                "value": 0.93,
                "unit": "",
                "source": "公开工具的默认值",
                "confidence": "secondary",
                "rule_id": None,
            },
        ],
        "plan": {
            "status": "optimal",
            "engine": "interior",
            "objective": "annual_cost",
            "annual_cost": 287654321.0,
            "capacities": {
                "pv": 95.2,
                "wind": 60.4,
                "battery_power": 25.0,
                "battery_energy": 100.0,
                "grid": 80.0,
            },
            "ratios": ratios,
            "energy": {
                "load": total["load"],
                "available_generation": available,
                "import": total["import"],
                "export": total["export"],
                "curtailment": total["curtailment"],
            },
            "costs": [
                {"item": "import", "yuan_per_year": 1.62e8},
                {"item": "pv", "yuan_per_year": 3.1e7},
                {"item": "wind", "yuan_per_year": 4.4e7},
                {"item": "battery", "yuan_per_year": 1.7e7},
                {"item": "capacity_charge", "yuan_per_year": 4.1e7},
                {"item": "export", "yuan_per_year": -7.3e6},
            ],
            "schedule": {
                "start": "2025-01-01T00:00:00+08:00",
                "step_hours": 1.0,
                "timezone": "Asia/Shanghai",
                "columns": made,
            },
            "shadow_prices": [
                {
                    "limit": "export_share",
                    "value": 182000.0,
                    "unit": "元/个百分点",
                    "text": "上网比例每放宽一个百分点，年成本减少 18.2 万元",
                },
                {"limit": "land", "value": 0.0, "unit": "元/亩", "text": "不起作用"},
            ],
            "binding": [{"capacity": "grid", "limit": "max", "text": "接网容量取到上限"}],
            "quality": {
                "gap": 3.2e-9,
                "primal_residual": 1e-9,
                "dual_residual": 2e-9,
                "replay_residual": 4e-10,
                "seconds": 3.4,
                "iterations": 81,
            },
            "rounding": {"capacities": {"wind": 62.5, "pv": 94.5}, "extra_cost": 412345.0},
        },
        "compliance": [
            {
                "limit": limit,
                "reading": None,
                "value": ratios[limit],
                "required": required,
                "direction": direction,
                "margin": ratios[limit] - required
                if direction == ">="
                else required - ratios[limit],
                "state": "met" if (ratios[limit] >= required) == (direction == ">=") else "failed",
                "rule_id": rule_id,
                "reason": None,
            }
            for limit, required, direction, rule_id in limits
        ],
        "checklist": [
            {
                "item": "dedicated_line",
                "title": "专用线路，物理可追溯",
                "answer": "yes",
                "rule_id": None,
            },
            {
                "item": "contract",
                "title": "不同主体签订多年期合同",
                "answer": "unknown",
                "rule_id": None,
            },
        ],
        "users": [
            {
                "user": "云岭硅业1",
                "load_mwh": 120000.0,
                "self_use_mwh": 52000.0,
                "import_mwh": 68000.0,
            }
        ],
        "bill": {
            "grid_only": {
                "total_yuan": 3.61e8,
                "items": [
                    {"item": "import", "yuan": 2.9e8},
                    {"item": "capacity_charge", "yuan": 4.1e7},
                    {"item": "funds", "yuan": 3.0e7},
                ],
            },
            "saving_yuan": 7.33e7,
        },
        "finance": {
            "role": "single_owner",
            "capex": 5.4e8,
            "npv": 1.43e8,
            "irr": 0.0957,
            "payback_years": 9.1,
            "payback_discounted_years": 13.8,
            "lcoe": 0.2689,
            "blended_price": 0.4211,
            "green_price": 0.3102,
            "grid_price": 0.5316,
            "cash_flow": flow,
            "notes": ["按单一投资主体测算。"],
        },
        "carbon": {
            "factors": [
                {"item": "yunnan", "value": 0.1073, "unit": "kgCO₂/kWh", "source": "2022年省级因子"}
            ],
            "before_tco2": 88012.0,
            "after_tco2": 47120.0,
        },
        "series": [
            {
                "name": "load",
                "provenance": {"file": "load.csv", "step": "1h"},
                "quality": {"gaps": 0},
            }
        ],
        "study": {
            "base": 2.8765e8,
            "change": 0.2,
            "tornado": [
                {"parameter": "capex", "item": "pv", "low_result": 2.79e8, "high_result": 2.97e8},
                {
                    "parameter": "import_price",
                    "item": None,
                    "low_result": 2.6e8,
                    "high_result": 3.12e8,
                },
            ],
            "pareto": [
                {
                    "required": 0.3 + 0.05 * i,
                    "self_use_of_consumption": 0.3 + 0.05 * i if i < 6 else None,
                    "annual_cost": 2.7e8 + 4e6 * i * i if i < 6 else None,
                    "status": "optimal" if i < 6 else "infeasible",
                    "capacities": {"pv": 40.0 + i, "wind": 50.0} if i < 6 else {},
                }
                for i in range(7)
            ],
        },
    }


def geometry(count: int = 60) -> dict[str, Any]:
    features = []
    for i in range(count):
        x, y = 101.54 + 0.004 * (i % 10), 25.03 + 0.004 * (i // 10)
        w = 0.0036
        ring = [[x, y], [x, y + w], [x + w, y + w], [x + w, y], [x, y]]
        features.append({"parcel_id": f"YN-{i + 1:04d}", "rings": [ring]})
    return {"evaluated": True, "features": features}


@cache
def _complete(parcels: int, firms: int, days: int) -> dict[str, Any]:
    return {
        "format": 1,
        "greenland": "0.1.0",
        "park": {
            "name": "云岭示例产业园区",
            "level": "provincial",
            "level_title": "省级",
            "type": "industrial_park",
            "year": 2025,
            "as_of": "2025-12-31",
            "overview": [
                {
                    "part": "main",
                    "approved_area_ha": 1200.0,
                    "planned_area_ha": 1857.7,
                    "leading_industries": "硅、铝、食品",
                }
            ],
        },
        "year": 2025,
        "rules": rules(),
        "land": {
            "standard_land": standard_land(parcels),
            "per_mu": per_mu(firms),
            "review": review(),
            "stock": stock(),
            "exit": exit_part(),
            "admission": admission(),
            "reallocation": reallocation(),
            "policy": policy(),
            "geometry": geometry(),
        },
        "energy": energy(days),
        "problems": [
            {
                "severity": "error",
                "code": "area",
                "message": "宗地面积为负",
                "remedy": "改正后重算",
                "file": "park.xlsx",
                "sheet": "宗地台账",
                "row": 17,
                "column": "宗地面积",
                "got": "-3",
                "allowed": "大于 0",
                "touches": ["land.stock"],
            },
            {
                "severity": "notice",
                "code": "total_row",
                "message": "合计行未计入",
                "remedy": None,
                "file": "park.xlsx",
                "sheet": "企业效益",
                "row": 250,
                "column": None,
                "got": None,
                "allowed": None,
                "touches": [],
            },
        ],
        "texts": {},
    }


def complete(parcels: int = 120, firms: int = 84, days: int = 365) -> dict[str, Any]:
    """A fresh record with every section."""
    return copy.deepcopy(_complete(parcels, firms, days))


def bare() -> dict[str, Any]:
    """A record in which nothing was evaluated."""
    record = complete(2, 6, 14)
    for key in record["land"]:
        record["land"][key] = {"evaluated": False, "reason": f"{key}：没有数据", "problems": []}
    record["energy"] = {"evaluated": False, "reason": "park.yaml 没有 energy 部分", "problems": []}
    record["problems"], record["rules"] = [], []
    return record
