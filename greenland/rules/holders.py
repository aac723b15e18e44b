"""Which packs hold a rule, in words for whoever lacks it; and which pack a province has."""

from __future__ import annotations

from pathlib import Path

from greenland.i18n import Text, _
from greenland.rules.book import Rulebook, packs_with
from greenland.rules.page import TITLES
from greenland.yamlfile import plain, read_tree

_DATA = plain(read_tree(Path(__file__).with_name("provinces.yaml")))
PROVINCES: dict[str, str] = _DATA["packs"]
"""Provinces with a pack of their own, by the name proper."""
WITHOUT_PACK: tuple[str, ...] = tuple(_DATA["without_pack"])
"""All other provinces."""


def province_named(text: str) -> str:
    """The name proper of a province; what is none stays as it is.

    Examples
    --------
    >>> province_named("新疆维吾尔自治区"), province_named("yunnan"), province_named("云南省")
    ('新疆', '云南', '云南')
    """
    text = text.strip()
    for name, pack in PROVINCES.items():
        if text.lower() == pack:
            return name
    ending = next((one for one in _DATA["endings"] if text.endswith(one)), "")
    return text.removesuffix(ending)


def pack_title(pack: str) -> str:
    """A pack with the place it is of, such as ``yunnan（云南省）``."""
    if pack not in TITLES:
        return pack
    return str(_("{pack}（{place}）", pack=pack, place=_(TITLES[pack])))


def where_held(rulebook: Rulebook, rule_id: str) -> Text:
    """Which packs are loaded, and which other has the value: the end of a sentence on a lack."""
    loaded = "、".join(rulebook.packs) or "—"
    others = [name for name in packs_with(rule_id, rulebook.year) if name not in rulebook.packs]
    if not others:
        return _(
            "（已加载规则包：{loaded}；现有的规则包都没有 {year} 年的数值）",
            loaded=loaded,
            year=rulebook.year,
        )
    return _(
        "（已加载规则包：{loaded}；{others}有 {year} 年的数值，{how}）",
        loaded=loaded,
        others="、".join(pack_title(name) for name in others),
        year=rulebook.year,
        how=_how(others[0]),
    )


def _how(pack: str) -> Text:
    if pack not in PROVINCES.values():
        return _("项目在当地的把 {pack} 加入 rules.packs", pack=pack)
    return _("项目在当地的写 province: {pack}，或把它加入 rules.packs", pack=pack)
