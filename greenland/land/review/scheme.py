"""Schemes of the land-intensity review, as data: the tree of indicators and its weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from greenland.errors import input_error
from greenland.i18n import _, language
from greenland.land.review.own import OwnName, OwnZoneIndicator
from greenland.land.review.zone_indicators import ZONE_INDICATORS
from greenland.land.schemes import (
    OWN_NAMES,
    SchemeModel,
    SchemeRegistry,
    SchemeWithIndicators,
)
from greenland.park.config import ParkType
from greenland.rules import Confidence, known_rule_ids
from greenland.yamlfile import known_name

SCHEMES = Path(__file__).parent / "schemes"
_TOLERANCE = 1e-9


_BASES = ("industrial", "city_industry")
_TREES = (*_BASES, *(f"{base}_high_tech" for base in _BASES))
TREES = (*_TREES, *(f"{tree}_{part}" for tree in _TREES for part in ("main", "development")))
_IDEALS = "land.review.ideal."


def _zone_indicator(name: str) -> str:
    return known_name(name, [*ZONE_INDICATORS, *OWN_NAMES.get()], _("指标"))


def _tree_name(name: str) -> str:
    return known_name(name, TREES, _("指标树"))


def _park_type(name: str) -> str:
    return known_name(name, [*(str(item) for item in ParkType), "default"], _("园区类型"))


def _ideal_set(name: str) -> str:
    sets = {
        rule[len(_IDEALS) :].split(".")[0] for rule in known_rule_ids() if rule.startswith(_IDEALS)
    }
    return known_name(name, sorted(sets), _("理想值参考集"))


ZoneIndicatorId = Annotated[str, AfterValidator(_zone_indicator)]
TreeName = Annotated[str, AfterValidator(_tree_name)]
TypeName = Annotated[str, AfterValidator(_park_type)]
IdealSet = Annotated[str, AfterValidator(_ideal_set)]


class Node(SchemeModel):
    """A node of the tree: a group with children, or an indicator.

    Parameters
    ----------
    weight : float
        Share of the parent, as decimal.
    indicator : str, optional
        For a leaf, id of a zone indicator.
    """

    weight: float = Field(ge=0)
    node: str | None = None
    title: str = ""
    title_en: str = ""
    indicator: ZoneIndicatorId | None = None
    children: list[Node] = []

    @model_validator(mode="after")
    def _kind(self) -> Node:
        if self.indicator is not None and (self.children or self.node):
            raise ValueError(_("指标“{name}”之下不能再有子项", name=self.indicator))
        if self.indicator is None and not (self.children and self.node):
            raise ValueError(_("非指标的节点须有名称 node 和子项 children"))
        return self

    @property
    def id(self) -> str:
        """Node id, or the indicator's for a leaf."""
        return self.indicator or str(self.node)

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en

    def leaves(self, weight: float = 1.0) -> Iterator[tuple[str, float]]:
        """Indicators below with their weight in this node's parent."""
        if self.indicator is not None:
            yield self.indicator, weight * self.weight
        for child in self.children:
            yield from child.leaves(weight * self.weight)


def unbalanced(children: list[Node], parent: str) -> list[str]:
    """Say of every node below whose children's weights do not sum to 1, and to what.

    Examples
    --------
    >>> leaf = {"indicator": "land_supply_rate", "weight": 0.5}
    >>> unbalanced([Node.model_validate(leaf)], "zone")
    ['“zone”下各项权重之和为 0.5，应为 1']
    """
    total = math.fsum(child.weight for child in children)
    said = []
    if not math.isclose(total, 1.0, abs_tol=_TOLERANCE):
        said.append(str(_("“{node}”下各项权重之和为 {total:g}，应为 1", node=parent, total=total)))
    for child in children:
        if child.children:
            said.extend(unbalanced(child.children, child.title or child.id))
    return said


class ReviewScheme(SchemeWithIndicators):
    """A whole scheme.

    Parameters
    ----------
    cap : float, optional
        Greatest standardised value; none when null.
    uncapped : list of str
        Indicators the cap does not hold for.
    reverse : list of str
        Indicators scored as (1 − value) × 100.
    ideal_sets : mapping of park type to list of str
        Sets of reference ideals, in the order they are asked; ``default`` for other types.
    trees : mapping of zone type to nodes
        ``industrial``, ``city_industry`` and, with the extra indicators, both with
        ``_high_tech`` behind; each with ``_main`` or ``_development`` behind for that part of
        the zone alone.
    indicators : mapping of name to OwnZoneIndicator
        Indicators the scheme defines itself, as those of 管理绩效.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    title_en: str
    document: str
    clause: str = ""
    confidence: Confidence
    note: str = ""
    note_en: str = ""
    cap: float | None = Field(default=100.0, gt=0)
    uncapped: list[ZoneIndicatorId] = []
    reverse: list[ZoneIndicatorId] = []
    ideal_sets: dict[TypeName, list[IdealSet]] = {}
    indicators: dict[OwnName, OwnZoneIndicator] = {}
    trees: dict[TreeName, list[Node]] = Field(min_length=1)

    @model_validator(mode="after")
    def _balanced(self) -> ReviewScheme:
        said = [line for name, nodes in self.trees.items() for line in unbalanced(nodes, name)]
        if said:
            raise ValueError("；".join(said))
        return self

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en

    def tree(self, zone_type: str, *, high_tech: bool = False, part: str = "") -> list[Node]:
        """Tree of a zone type; zones of other types follow the city-industry one.

        Parameters
        ----------
        part : str
            Part of the zone, whose own tree goes before the common one.

        Raises
        ------
        InputError
            If the scheme has none for it.
        """
        base = "industrial" if zone_type == "industrial" else "city_industry"
        for name in ([f"{base}_high_tech"] if high_tech else []) + [base]:
            for key in (f"{name}_{part}", name):
                if key in self.trees:
                    return self.trees[key]
        raise input_error(
            "review_scheme",
            _("评价方案“{scheme}”没有“{tree}”的指标树。", scheme=self.id, tree=base),
            remedy=_("请在方案的 trees 中补上。"),
            allowed="、".join(self.trees),
        )

    def ideals_for(self, park_type: str) -> list[str]:
        """Reference sets for a park type, the first asked first."""
        return self.ideal_sets.get(park_type, self.ideal_sets.get("default", ["general"]))


_REGISTRY = SchemeRegistry(SCHEMES, ReviewScheme, "review_scheme")


def available_schemes() -> list[str]:
    """Ids of the schemes that come with the package."""
    return _REGISTRY.names()


def load_scheme(name: str, folder: Path | None = None) -> ReviewScheme:
    """Load a scheme by its id, or from a YAML file of the park.

    Parameters
    ----------
    name : str
        Id of a scheme of the package, or a file name ending in ``.yaml``.
    folder : Path, optional
        Folder a file name is relative to.

    Raises
    ------
    InputError
        If there is no such scheme, or its weights do not sum to 1, naming the node.
    """
    return _REGISTRY.load(
        name, folder, lambda: _("没有名为“{name}”的土地节约集约利用评价方案。", name=name)
    )
