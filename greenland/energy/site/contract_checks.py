"""Faults of a declared demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from greenland.energy.site.contract_demand import ContractDemand
from greenland.energy.site.grid import DemandCharge
from greenland.energy.site.site import Site
from greenland.energy.site.value_checks import amount, error
from greenland.errors import Problem
from greenland.i18n import _


def contract_problems(charge: DemandCharge, item: ContractDemand, site: Site) -> Iterator[Problem]:
    """Faults of the declared demand of a charge."""
    name = f"{charge.name}.contract"
    yield from amount(name, "allowance", item.allowance, low=1.0)
    yield from amount(name, "excess_rate", item.excess_rate, low=1.0)
    for field in ("least_mw", "least_share"):
        yield from amount(name, field, getattr(item, field))
    if charge.when is not None:
        yield error(
            "contract_when",
            _("合同最大需量按全部时段计，“{name}”不能再限定时段。", name=charge.name),
            _("请删去 when，或另列一项分时段的需量电费。"),
            column="demand_charges",
        )
    declared = item.declared_mw
    if isinstance(declared, Mapping) and set(declared) != set(range(1, 13)):
        missing = sorted(set(range(1, 13)) - set(declared))
        yield error(
            "contract_months",
            _("合同最大需量应给出十二个月的数值。"),
            column="demand_charges",
            got=_("缺 {months} 月", months="、".join(str(month) for month in missing)),
        )
        return
    values = declared.values() if isinstance(declared, Mapping) else [declared]
    faults = [
        fault
        for value in values
        if value is not None
        for fault in amount(name, "declared_mw", value)
    ]
    yield from faults[:1]
    if not faults:
        yield from _least(item, site)


def _least(item: ContractDemand, site: Site) -> Iterator[Problem]:
    """A least demand that no connection gives, or a declared one below it."""
    grid, declared = site.grid, item.declared_mw
    assert grid is not None
    known = grid.capacity_mw
    if item.least_share and known is None and not grid.decides_capacity:
        yield error(
            "contract_capacity",
            _(
                "合同最大需量的下限按接入容量计，"
                "须给出接入容量 capacity_mw，或其上限 max_capacity_mw。"
            ),
            _("也可在 tariff 中填写 connected_kva（变压器和高压电动机容量）。"),
            column="capacity_mw",
        )
        return
    if declared is None:
        return
    if item.least_share and known is None:
        yield error(
            "contract_decided",
            _("接入容量由测算确定时，合同最大需量不能写死：它的下限随接入容量变动。"),
            _(
                "请把 contract_demand_kw 写作 monthly，或给出 capacity_mw，"
                "或在 tariff 中填写 connected_kva。"
            ),
            column="demand_charges",
        )
        return
    least = item.least(known or 0.0)
    smallest = min(declared.values()) if isinstance(declared, Mapping) else declared
    if smallest < least * (1 - 1e-9):
        yield error(
            "contract_least",
            _("合同最大需量低于容量的规定比例，电网企业不按它核定。"),
            _("请填不小于下限的值，或写 monthly 由测算确定。"),
            column="demand_charges",
            got=_("{kw:g} kW", kw=1000 * smallest),
            allowed=_("不小于 {kw:g} kW", kw=1000 * least),
        )
