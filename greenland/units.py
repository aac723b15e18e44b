"""One registry of units: 亩, 公顷, 万元, 吨标煤, kWh and the spellings people write.

Values are converted once, at the edge, by a scalar factor; arithmetic inside the package is on
plain numbers whose unit is in the name (``area_mu``, ``tax_wan``).
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from greenland.errors import input_error
from greenland.i18n import _

if TYPE_CHECKING:
    import pint

M2_PER_MU = 10000 / 15  # exact by definition
MU_PER_HA = 15.0
M2_PER_HA = 10000.0
TCE_PER_MWH = 3.6 / 29.3076  # 当量值: 1 tce = 29.3076 GJ (GB/T 2589-2020)

# Written forms that are not legal unit names.
_SPELLINGS = {
    "㎡": "平方米",
    "m2": "平方米",
    "m²": "平方米",
    "万㎡": "万平方米",
    "万m2": "万平方米",
    "万m²": "万平方米",
    "m3": "立方米",
    "m³": "立方米",
    "万m3": "万立方米",
    "万m³": "万立方米",
    "平方千米": "平方公里",
    "km2": "平方公里",
    "k㎡": "平方公里",
    "ha": "hectare",
    "hm2": "hectare",
    "hm²": "hectare",
    "mu": "亩",
    "万kwh": "万千瓦时",
    "kw·h": "kilowatt_hour",
    "mw·h": "megawatt_hour",
    "gw·h": "gigawatt_hour",
    "万kw·h": "万千瓦时",
    "亿kw·h": "亿千瓦时",
    "千瓦·时": "千瓦时",
    "万千瓦·时": "万千瓦时",
    "兆瓦·时": "兆瓦时",
    "亿kwh": "亿千瓦时",
    "kwh": "kilowatt_hour",
    "mwh": "megawatt_hour",
    "gwh": "gigawatt_hour",
    "kw": "kilowatt",
    "mw": "megawatt",
    "kg": "kilogram",
    "t": "吨",
    "吨标煤": "tce",
    "%": "percent",
    "％": "percent",
    "年": "year",
}
_DEFINITIONS = Path(__file__).with_name("units.txt")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_POWERS = re.compile(r"[·\s]")


@cache
def registry() -> pint.UnitRegistry[float]:
    """The package's registry: pint's default units and those of ``units.txt``.

    pint is imported here: a workbook whose headers say the dictionary's own units needs none.
    """
    import pint

    warnings.filterwarnings("error", category=pint.UnitStrippedWarning)
    units: pint.UnitRegistry[float] = pint.UnitRegistry()
    units.load_definitions(_DEFINITIONS)
    return units


def _spelled(unit: str) -> str:
    """Rewrite a unit as people write it (``万元/亩·年``, ``㎡``) into a registry expression."""
    text = unicodedata.normalize("NFKC", unit).strip().replace("/", " / ").replace("每", "")
    words = []
    for word in text.split(" / "):
        whole = _SPELLINGS.get(word.strip().lower())  # kW·h is one word, 亩·年 two
        if whole is not None:
            words.append(f"({whole})")
            continue
        factors = [part for part in re.split(r"[·*\s]", word) if part]
        # normalisation turns ㎡ into m2; both spellings are in the table
        named = [_SPELLINGS.get(part.lower(), _SPELLINGS.get(part, part)) for part in factors]
        words.append("(" + " * ".join(named) + ")" if named else "1")
    return " / ".join(words)


@lru_cache(maxsize=512)
def factor(source: str, target: str) -> float:
    """Factor that turns a number in *source* units into one in *target* units.

    Parameters
    ----------
    source, target : str
        Units as people write them: ``"公顷"``, ``"万㎡"``, ``"万元/亩"``, ``"kWh"``.

    Returns
    -------
    float
        *value in target* = *value in source* × factor.

    Raises
    ------
    InputError
        If a unit is not known, or the two measure different things.

    Examples
    --------
    >>> round(factor("公顷", "亩"), 12)
    15.0
    >>> round(factor("万元/公顷", "万元/亩"), 12)
    0.066666666667
    """
    if source == target:
        return 1.0
    from pint.errors import PintError

    units = registry()
    try:
        return float(units.Quantity(1.0, _spelled(source)).to(_spelled(target)).magnitude)
    except (PintError, AttributeError, TypeError, ValueError) as error:
        raise input_error(
            "unit",
            _("单位“{source}”不能换算为“{target}”。", source=source, target=target),
            remedy=_("请改用同一类单位，例如面积用 亩、公顷、㎡、万㎡。"),
            got=source,
            allowed=target,
        ) from error


@cache
def _han_signs() -> frozenset[str]:
    """Every Chinese character of the names of units; pint's own have none."""
    return frozenset(_HAN.findall(_DEFINITIONS.read_text(encoding="utf-8")))


@cache
def is_known(unit: str) -> bool:
    """Whether *unit* is a word for a unit, alone or as a ratio; numbers and other words are not.

    Examples
    --------
    >>> is_known("万㎡"), is_known("等价值"), is_known("2023年")
    (True, False, False)
    """
    if not re.fullmatch(r"[^\W\d][\w/·%²³㎡]*|%", unit):
        return False
    spelled = _spelled(unit)
    if not _han_signs().issuperset(_HAN.findall(spelled)):
        return False  # a word of a title in brackets; building the registry takes half a second
    try:
        parsed = registry().parse_expression(spelled)
    except Exception:  # pint raises many kinds for words that are not units
        return False
    return isinstance(parsed, registry().Quantity)


def same_kind(source: str, target: str) -> bool:
    """Whether *source* is a known unit that can be converted to *target*."""
    try:
        factor(source, target)
    except ValueError:
        return False
    return True
