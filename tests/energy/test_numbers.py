"""Whatever number stands in a case, it is answered with a plan or a problem, never a traceback."""

from __future__ import annotations

import copy
import math
import re
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import pandas as pd
import pytest
from pydantic import BaseModel

from greenland.cli.common import to_json
from greenland.energy.case import curves, load_case
from greenland.energy.case.loading import rulebook_of
from greenland.energy.case.schema import Case
from greenland.energy.evaluate import evaluate_case
from greenland.energy.profiles import store
from greenland.energy.profiles.curve_file import CurveFile
from greenland.energy.site.checks import site_problems
from greenland.errors import InputError
from greenland.yamlfile import validate

VALUES = (math.inf, math.nan, 0, -1, 1e300, 10**400)
STEPS = 24


def curve(column: str) -> dict[str, Any]:
    return {"file": "curves.csv", "column": column, "scale": 1.0, "factor": 1.0}


PARTS: dict[str, Any] = {
    "load": curve("load"),
    "sources": [
        {
            "name": "pv",
            "profile": curve("pv"),
            "capex": 2700,
            "opex": 40,
            "lifetime": 25,
            "max_mw": 50,
            "min_mw": 0.1,
            "existing_mw": 0.2,
            "variable_cost": 0.01,
            "land_mu_per_mw": 20,
            "roof_m2_per_mw": 100,
            "unit_mw": 0.5,
            "replacement_cost": 10,
            "min_built_mw": 0.2,
            "build_cost": 1000,
            "replacement_years": [10],
        }
    ],
    "storages": [
        {
            "name": "cells",
            "power_capex": 300,
            "energy_capex": 700,
            "lifetime": 12,
            "charge_efficiency": 0.9,
            "discharge_efficiency": 0.9,
            "max_soc": 0.95,
            "min_soc": 0.1,
            "depth_of_discharge": 1.0,
            "power_opex": 3,
            "energy_opex": 3,
            "self_discharge": 0.001,
            "min_hours": 1,
            "max_hours": 4,
            "initial_energy": 0.5,
            "final_energy": 0.4,
            "max_mw": 20,
            "min_mw": 0.1,
            "max_mwh": 40,
            "min_mwh": 0.1,
            "existing_mw": 0.1,
            "existing_mwh": 0.1,
            "throughput_cost": 0.01,
            "unit_mw": 0.5,
            "unit_mwh": 0.5,
            "replacement_cost": 100,
            "replacement_years": [6],
            "grid_charging": True,
            "charge_ratio": 0.8,
            "min_built_mw": 0.2,
            "build_cost": 1000,
        },
        {
            "name": "h2",
            "power_capex": 900,
            "lifetime": 12,
            "charge_efficiency": 0.7,
            "discharge_efficiency": 0.6,
            "energy_lifetime": 30,
            "charge_power_capex": 400,
            "charge_power_opex": 4,
            "charge_lifetime": 10,
            "max_charge_mw": 20,
            "min_charge_mw": 0.1,
            "existing_charge_mw": 0.1,
        },
    ],
    "limits": {
        "min_self_use_of_generation": 0.3,
        "min_self_use_of_consumption": 0.1,
        "max_export_share": 0.5,
        "max_export_share_of_delivered": 0.6,
        "max_curtailment_share": 0.9,
        "max_unserved_share": 0.5,
        "max_land_mu": 5000,
        "max_roof_m2": 1e6,
        "max_capex_yuan": 1e10,
        "max_co2_t": 1e7,
        "max_peak_valley_ratio": 0.9,
    },
    "discount_rate": 0.07,
    "unserved_price": 5.0,
    "project_years": 25,
    "round_units": False,
    "year": 2026,
}
MONEY: dict[str, Any] = {
    "finance": {
        "role": "load",
        "years": 20,
        "discount_rate": 0.06,
        "degradation": {"pv": {"first_year": 0.02, "yearly": 0.005}},
        "growth": {
            "grid_price": 0.01,
            "export_price": 0.01,
            "contract_price": 0.01,
            "opex": 0.01,
        },
        "tax": {
            "location": "city",
            "vat": 0.13,
            "vat_service": 0.06,
            "surtax": 0.12,
            "income": 0.25,
            "holiday_shares": [0, 0, 0, 0.5],
            "depreciation_years": 20,
            "salvage_share": 0.05,
            "loss_years": 5,
        },
        "loan": {"share": 0.7, "rate": 0.04, "years": 10, "grace_years": 1},
        "contract_price": 0.4,
    },
    "compliance": {
        "commissioning_year": 2027,
        "voltage_kv": 110,
        "line_km": 30,
        "planned_peak_valley_ratio": 0.5,
        "clean_energy_share": 0.9,
        "solid_waste_used_share": 0.8,
        "waste_heat_used_share": 0.5,
        "water_reused_share": 0.8,
        "unit_consumption_level": 2,
    },
    "carbon": {
        "factor": "national",
        "own_factor": 0.5,
        "certificates_mwh": 10,
        "certificate_price": 5,
        "other_energy_tce": 10,
        "other_emission_tco2": 10,
    },
}
PRICED = {
    **PARTS,
    "sources": [
        *PARTS["sources"],
        {
            "name": "seller",
            "profile": curve("pv"),
            "max_mw": 5,
            "purchase": {"price": 0.3, "min_take_mwh": 100, "shortfall_price": 0.2},
        },
    ],
    "grid": {
        "max_capacity_mw": 50,
        "min_capacity_mw": 1,
        "import_price": 0.5,
        "export_price": 0.2,
        "capacity_price": 20,
        "demand_charges": [
            {
                "name": "peak",
                "price": 30,
                "contract": {
                    "allowance": 1.05,
                    "excess_rate": 2,
                    "declared_mw": 30,
                    "least_mw": 1,
                    "least_share": 0,
                },
            }
        ],
        "max_import_mw": 40,
        "max_export_mw": 40,
        "self_use_price": 0.03,
        "emission_factor": 0.5,
        "capex": 100,
        "opex": 1,
        "lifetime": 25,
        "existing_mw": 1,
        "fixed_cost": 1000,
    },
    "shiftable": [
        {"name": "mill", "profile": curve("pv"), "max_mw": 3, "min_mw": 0, "window_hours": 6}
    ],
    "interruptible": [{"name": "kiln", "max_mw": 0.1, "price": 1.0, "max_share": 0.5}],
    "electrolysers": [
        {
            "name": "hydrogen",
            "mwh_per_t": 50,
            "min_product_t": 1,
            "product_price": 8000,
            "capex": 5000,
            "opex": 100,
            "lifetime": 20,
            "max_mw": 5,
            "min_mw": 0.1,
            "existing_mw": 0.1,
            "min_load_share": 0.1,
            "variable_cost": 900,
            "min_daily_product_t": 0.01,
            "max_daily_product_t": 50,
            "can_stop": True,
            "start_cost": 100,
            "start_cost_per_mw": 10,
            "min_built_mw": 0.2,
            "build_cost": 1000,
        }
    ],
    "generators": [
        {
            "name": "biogas",
            "fuel": "biogas",
            "green": True,
            "lifetime": 15,
            "capex": 6000,
            "opex": 100,
            "max_mw": 5,
            "min_mw": 0.1,
            "existing_mw": 0.1,
            "efficiency": 0.38,
            "fuel_kwh": 6,
            "fuel_price": 1.5,
            "max_fuel": 1e6,
            "emission_factor": 0.1,
            "variable_cost": 0.02,
            "availability": 0.95,
            "min_built_mw": 0.2,
            "build_cost": 1000,
            "min_load_share": 0.1,
            "maintenance": {"hours": 6},
        },
        {
            "name": "heat",
            "fuel": "waste_heat",
            "green": True,
            "lifetime": 15,
            "max_mw": 1,
            "maintenance": {"days": 0.5},
            "min_load_share": 0.3,
            "can_stop": True,
            "start_cost": 100,
            "start_cost_per_mw": 10,
            "unit_mw": 0.5,
        },
    ],
    "fixed_assets": [{"name": "line", "capex": 1e6, "opex": 1e4, "lifetime": 30}],
}
BILLED = {
    **PARTS,
    **MONEY,
    "limits": {"max_co2_t": 1e7},
    "grid": {"capacity_mw": 50, "emission_factor": 0.5},
    "rules": {"packs": ["national", "yunnan"]},
    "tariff": {
        "mode": "two_part",
        "billing": "demand",
        "voltage": "110kV",
        "market_price": 0.3,
        "system_operation_fee": 0.02,
        "export_price": 0.15,
        "funds": [{"value": 0.03}],
        "transmission_price": [{"value": 0.1}],
        "line_loss": [{"value": 0.04}],
        "capacity_price": [{"value": 20}],
        "demand_price": [{"value": 30}],
        "average_load_rate": [{"value": 0.6}],
        "power_factor": 0.95,
        "connected_kva": 50000,
        "contract_demand_kw": 30000,
        "power_factor_adjustment": {"standard": 0.9, "power_factor": 0.93},
        "surcharges": [
            {"name": "green", "price": 0.01, "per": "grid_kwh"},
            {"name": "meter", "price": 1, "per": "kva_month"},
        ],
        "demand_charges": [{"name": "evening", "price": 3, "periods": ["peak"]}],
        "grid_only": {"connected_kva": 50000, "contract_demand_kw": 30000},
    },
}
SOLD = copy.deepcopy(BILLED)
SOLD["tariff"]["power_factor_adjustment"] = {"standard": 0.85, "reactive_kvarh": [1e5] * 12}
SOLD["finance"] |= {"role": "generator", "target_irr": 0.08, "contract_price": None}
STUDIED = copy.deepcopy(BILLED)  # with the items of a feasibility study
STUDIED["finance"] |= {
    "investment": {
        "shares": {"equipment": 0.7, "civil": 0.3},
        "assets": {"pv": {"equipment": 0.8, "installation": 0.2}},
        "vat": {"equipment": 0.13},
    },
    "construction": {"years": [0.4, 0.6]},
    "working_capital": {
        "yuan": 1e5,
        "yuan_per_kw": 10,
        "year": 1,
        "loan_share": 0.7,
        "loan_rate": 0.03,
    },
    "costs": {
        "maintenance": {"pv": [{"years": 5, "yuan_per_kw": 20}, {"yuan_per_kw": 30}]},
        "materials": 2,
        "other": 3,
        "insurance": 0.002,
        "staff": {"persons": 5, "pay": 1e5, "welfare": 0.6},
    },
}
STUDIED["finance"]["tax"] |= {"refund": {"share": 0.5, "years": 5, "document": "示例文件"}}
QUARTERS = copy.deepcopy(STUDIED)
QUARTERS["finance"]["construction"] = {"quarters": [0.5, 0.5]}
CASES = {
    "priced": PRICED,
    "billed": BILLED,
    "sold": SOLD,
    "studied": STUDIED,
    "quarters": QUARTERS,
}
DECIDED = {  # what is built, runs or rests whole: searched for, and any number is met on the way
    "min_built_mw",
    "build_cost",
    "can_stop",
    "start_cost",
    "start_cost_per_mw",
    "maintenance",
}


def without(node: Any, names: set[str]) -> Any:
    """A case without these fields, wherever they stand."""
    if isinstance(node, dict):
        return {key: without(value, names) for key, value in node.items() if key not in names}
    return [without(value, names) for value in node] if isinstance(node, list) else node


CONTINUOUS = without(PRICED, DECIDED)
BUILT = without(PRICED, DECIDED - {"min_built_mw", "build_cost"})
NEWS = {  # what stands in a case that the others do not have
    "studied": ("investment", "construction", "working_capital", "costs", "refund"),
    "quarters": ("construction",),
}

Path_ = tuple[str | int, ...]


def numbers(node: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Where numbers stand in a case."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from numbers(value, (*at, key))
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield at


def put(case: dict[str, Any], at: Path_, value: float) -> dict[str, Any]:
    changed: Any = copy.deepcopy(case)
    node = changed
    for key in at[:-1]:
        node = node[key]
    node[at[-1]] = value
    return dict(changed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Curves of a day; each is read once, and described once for the same values."""
    made = tmp_path_factory.mktemp("numbers")
    pd.DataFrame(
        {
            "time": pd.date_range("2025-06-01", periods=STEPS, freq="h"),
            "load": [1.0, 2.0, 3.0, 2.0, 1.0, 2.0] * 4,
            "pv": [0.0, 0.2, 0.8, 0.5, 0.1, 0.0] * 4,
        }
    ).to_csv(made / "curves.csv", index=False)
    known: dict[Any, Any] = {}
    describe = store.describe

    def once(series: pd.Series, *args: Any, **more: Any) -> Any:
        key = (args, more["name"], series.to_numpy().tobytes())
        if key not in known:
            known[key] = describe(series, *args, **more)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "describe", once)
        patch.setattr(curves, "read_curve", _once_each(curves.read_curve))
        yield made


def _once_each(read: Callable[..., CurveFile]) -> Callable[..., CurveFile]:
    """Read a curve once for the same arguments; nobody changes what is read."""
    known: dict[Any, CurveFile] = {}

    def read_once(*args: Any, **more: Any) -> CurveFile:
        key = (args, *sorted(more.items()))
        if key not in known:
            known[key] = read(*args, **more)
        return known[key]

    return read_once


def checked(case: dict[str, Any], folder: Path) -> Any:
    loaded = load_case(validate(case, Case, file="case.yaml"), folder)
    site_problems(loaded.site(rulebook_of(loaded)))
    return loaded


def names(model: type[BaseModel], at: str = "") -> Iterator[str]:
    """Every numeric field of the schema, without the places in lists and mappings."""
    for name, field in model.model_fields.items():
        yield from _names(field.annotation, f"{at}.{name}".lstrip("."))


def _names(kind: Any, at: str) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from names(kind, at)
    elif kind in (int, float):
        yield at
    elif get_origin(kind) in (Union, types.UnionType, list, dict, Annotated):
        for part in get_args(kind):
            yield from _names(part, at)


ELSEWHERE = (
    "rules.overrides",  # checked by the rulebook, tests/rules
    "study.",  # solves the case anew for every value; bounded by the schema
    "tariff.tou.",  # tables of hours, tests/energy/test_tou.py
    "tariff.seasons",
    "users",  # curves like the others
    "weather.",  # decides nothing of a plan, tests/energy/test_facts.py
    "sources.profile",  # values of a curve written out
    "shiftable.profile",
    "interruptible.max_mw.scale",
    "load",
)


def test_every_number_of_the_schema_is_tried() -> None:
    known = {
        ".".join(str(key) for key in at if isinstance(key, str))
        for case in CASES.values()
        for at in numbers(case)
    }
    found = {name.removesuffix(".pv") for name in names(Case)}
    of_curves = (".scale", ".factor")  # tried in the curves of the cases above
    found = {
        name for name in found if not name.startswith(ELSEWHERE) and not name.endswith(of_curves)
    }
    names_of_others = r"\.(pv|equipment|civil|installation)(?=\.|$)"
    known = {re.sub(names_of_others, "", name) for name in known}
    assert not sorted(found - known)


def tried(name: str) -> Iterator[tuple[Path_, float]]:
    """Places and values; of the later cases what the first does not have."""
    for at in numbers(CASES[name]):
        news = NEWS.get(name)
        if news is not None and not set(news) & set(at):
            continue
        if name == "priced" or at[0] in ("tariff", *MONEY):
            yield from ((at, value) for value in VALUES)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_a_case_is_refused_with_a_problem_or_read(name: str, folder: Path) -> None:
    faults = []
    for at, value in tried(name):
        try:
            checked(put(CASES[name], at, value), folder)
        except InputError:
            continue
        except Exception as error:
            faults.append(f"{at} = {value!r:.20}: {error!r}")
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("built", {("discount_rate",): 1e-300, ("electrolysers", 0, "min_load_share"): 1e-300}),
        (
            "continuous",
            {
                ("sources", 0, "max_mw"): math.inf,
                ("storages", 0, "max_mwh"): math.inf,
                ("grid", "max_capacity_mw"): math.inf,
            },
        ),
        (
            "continuous",
            {
                ("storages", 0, "self_discharge"): 1e-300,
                ("shiftable", 0, "window_hours"): 1e-300,
            },
        ),
        ("billed", {("limits", "max_co2_t"): 0}),
        ("billed", {("tariff", "power_factor"): 1e-3, ("carbon", "certificates_mwh"): 0}),
        ("billed", {("finance", "discount_rate"): 1e-300}),
        ("sold", {("finance", "loan", "rate"): 1e-300, ("finance", "target_irr"): 0}),
    ],
)
def test_a_case_that_is_read_is_answered(
    name: str, values: dict[Path_, float], folder: Path
) -> None:
    case = (CASES | {"continuous": CONTINUOUS, "built": BUILT})[name]
    for at, value in values.items():
        case = put(case, at, value)
    loaded = checked(case, folder)
    to_json(evaluate_case(loaded, rulebook_of(loaded)).to_record())
