"""Tariffs that move what is paid whatever is built are sized together, and only once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from greenland.energy.sized_case import _alike


def prices(**changed: Any) -> dict[str, Any]:
    fields = {
        "import_price": np.array([0.3, 0.5]),
        "export_price": 0.2,
        "self_use_price": 0.0,
        "capacity_price": 30.0,
        "fixed_cost": 0.0,
        "demand_charges": (),
    }
    return fields | changed


@pytest.mark.parametrize(
    "changed",
    [
        {"capacity_price": 20.0},
        # 0.07 is paid for all that is used, from the grid or not
        {"import_price": np.array([0.37, 0.57]), "self_use_price": 0.07},
        {"import_price": np.array([0.37, 0.57]), "self_use_price": np.full(2, 0.07)},
    ],
)
def test_one_task(changed: dict[str, Any]) -> None:
    assert _alike([prices(), prices(**changed)], demand_is_given=True) == [[0, 1]]


@pytest.mark.parametrize(
    "changed",
    [
        {"import_price": np.array([0.37, 0.57])},
        {"self_use_price": 0.07},
        {"export_price": 0.21},
        {"fixed_cost": 1.0},
        {"import_price": np.array([0.37, 0.5700001]), "self_use_price": 0.07},
    ],
)
def test_two_tasks(changed: dict[str, Any]) -> None:
    assert _alike([prices(), prices(**changed)], demand_is_given=True) == [[0], [1]]


def test_what_all_demand_pays_moves_a_demand_that_is_decided() -> None:
    all_pay = prices(import_price=np.array([0.37, 0.57]), self_use_price=0.07)
    assert _alike([prices(), all_pay], demand_is_given=False) == [[0], [1]]
    dearer = prices(capacity_price=20.0)
    assert _alike([prices(), dearer], demand_is_given=False) == [[0, 1]]
