"""The rule packs of a case: those it names and that of its province, each with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from greenland.energy.case.schema import Case
from greenland.errors import Problem, Severity
from greenland.i18n import Text, _
from greenland.rules.holders import PROVINCES, pack_title

NATIONAL = "national"


@dataclass(frozen=True)
class CasePack:
    """A rule pack that was loaded for a case, and why."""

    pack: str
    why: Text

    @property
    def title(self) -> str:
        """The pack with the place it is of."""
        return pack_title(self.pack)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {"pack": self.pack, "title": self.title, "why": str(self.why)}


def packs_of(case: Case) -> list[CasePack]:
    """Packs of a case that stands alone, from the most general to the most local.

    The national one is loaded where the case names none; that of the province always.
    """
    written = None if case.rules is None else list(case.rules.packs)
    if written is None:
        packs = [CasePack(NATIONAL, _("案例没有写 rules.packs，全国规则包总是加载"))]
    else:
        packs = [CasePack(name, _("案例的 rules.packs 写明")) for name in written]
    own = PROVINCES.get(case.province or "")
    if own is not None and own not in [one.pack for one in packs]:
        packs.append(CasePack(own, _("案例的 province 为{province}", province=case.province)))
    return packs


def packs_used(case: Case, loaded: Sequence[str]) -> list[CasePack]:
    """The packs that were loaded, with why: for the case, or for the park around it."""
    own = {one.pack: one for one in packs_of(case)}
    if list(own) == list(loaded):
        return list(own.values())
    return [CasePack(name, _("园区的 rules.packs 写明")) for name in loaded]


def pack_problems(case: Case, loaded: Sequence[str]) -> list[Problem]:
    """What is doubtful about the packs: a province without one, or with one that is not loaded."""
    if case.province is None:
        return []
    own = PROVINCES.get(case.province)
    if own in loaded:
        return []
    if own is None:
        text = _(
            "没有{province}的规则包：只按已加载的规则包（{loaded}）核对，本省的要求和电价请自行填写。",
            province=case.province,
            loaded="、".join(loaded),
        )
        remedy = _("有规则包的省：{provinces}。", provinces="、".join(PROVINCES))
    else:
        text = _(
            "{province}的规则包 {pack} 没有加载（已加载：{loaded}）。",
            province=case.province,
            pack=own,
            loaded="、".join(loaded),
        )
        remedy = _("请把 {pack} 加入园区 park.yaml 的 rules.packs。", pack=own)
    return [
        Problem(
            Severity.WARNING, "province_pack", text, remedy, column="province", touches=("energy",)
        )
    ]
