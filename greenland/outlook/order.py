"""Classes of orderly use: who is supplied before whom, by the criteria of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _
from greenland.rules import Rulebook

OPERATING = "operating"
UNRATED = "exempt"
CRITERIA = ("leading", "per_mu", "stage")
STAGE_LABELS = {
    OPERATING: N_("在产"),
    "approved": N_("已备案项目"),
    "signed": N_("签约项目"),
    "negotiating": N_("在谈项目"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the class of a firm or project."""

    leading: bool = False
    per_mu: str = UNRATED
    stage: str = OPERATING

    @property
    def name(self) -> str:
        """In words."""
        return _(
            "{industry}·{per_mu}·{stage}",
            industry=_("主导产业") if self.leading else _("其他产业"),
            per_mu=_("未分类") if self.per_mu == UNRATED else _("{name}类", name=self.per_mu),
            stage=_(STAGE_LABELS[self.stage]),
        )


def ranks(standings: Mapping[str, Standing], rulebook: Rulebook) -> dict[str, int]:
    """Rank of each, 0 supplied first; equal standings have equal ranks.

    Raises
    ------
    InputError
        If the rules name a criterion, class or stage there is none of, or leave one out.
    """
    order = _listed(rulebook, "energy.outlook.order", CRITERIA, whole=False)
    classes = _listed(rulebook, "energy.outlook.per_mu_order", ("A", "B", UNRATED, "C", "D"))
    stages = _listed(rulebook, "energy.outlook.stage_order", tuple(STAGE_LABELS))

    def key(one: Standing) -> tuple[int, ...]:
        places = {
            "leading": 0 if one.leading else 1,
            "per_mu": classes.index(one.per_mu),
            "stage": stages.index(one.stage),
        }
        return tuple(places[name] for name in order)

    keys = {name: key(one) for name, one in standings.items()}
    places = {found: place for place, found in enumerate(sorted(set(keys.values())))}
    return {name: places[found] for name, found in keys.items()}


def _listed(
    rulebook: Rulebook, rule_id: str, known: tuple[str, ...], *, whole: bool = True
) -> list[str]:
    rule = rulebook.rule(rule_id)
    value = [str(one) for one in rule.value] if isinstance(rule.value, list) else [str(rule.value)]
    wrong = not set(value) <= set(known) or len(set(value)) < len(value)
    if wrong or (whole and set(value) != set(known)):
        raise InputError(
            [
                Problem(
                    Severity.ERROR,
                    "outlook_order",
                    _("规则“{rule_id}”（{title}）的值不能用。", rule_id=rule.id, title=rule.name),
                    _("请在 overrides 中改为允许的值，不重复；分类和阶段须写全。"),
                    got=str(value),
                    allowed="、".join(known),
                    touches=("outlook",),
                )
            ]
        )
    return value
