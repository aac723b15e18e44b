"""What the heading of a measured column says: its quantity, statistic, height and unit.

Headings of weather tables, met masts and power curves are read here and nowhere else. What a
heading does not say stays ``None``; the readers ask, note or refuse.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.profiles.renewable.weather_units import UNITS, WeatherUnit


class WeatherQuantity(StrEnum):
    """What a column holds."""

    GHI = "ghi"  # global irradiance on the horizontal
    DNI = "dni"  # beam, normal to the sun
    BHI = "bhi"  # beam, on the horizontal
    DHI = "dhi"  # diffuse, on the horizontal
    BEAM = "beam"  # beam, of which plane is not said
    TEMP_AIR = "temp_air"
    WIND_SPEED = "wind_speed"
    SNOWFALL = "snowfall"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart.

    Parameters
    ----------
    header : str
        As it stands in the file.
    quantity : WeatherQuantity
    named : bool
        Whether the quantity is named outright (气温) or only its kind (温度).
    height : float, optional
        Above ground [m].
    unit : WeatherUnit, optional
        None when the heading states none.
    unknown_unit : str
        What stands where a unit should, but is none we know.
    """

    header: str
    quantity: WeatherQuantity
    named: bool
    height: float | None
    unit: WeatherUnit | None
    unknown_unit: str = ""


# Statistics other than the mean; instants and means are both taken.
_STATISTIC = re.compile(
    r"最大|最小|极大|极小|最高|最低|标准差|标准偏差|偏差|阵风|湍流|累计|累积|日总|日合计|频[率数次]|次数|样本"
    r"|标[志记识]|质[量控]|有效|来源|可信|不确定"
    r"|(?<![a-z])(max|min|maximum|minimum|std|stdev|stddev|sd|dev|gusts?|turb\w*|ti|cumul\w*"
    r"|count|flag|qc|source|uncert\w*|median|var|variance|skew|kurt\w*)(?![a-z])"
)
# How long a reading was averaged, which is no height and no minimum.
_AVERAGING = re.compile(
    r"\d+(?:\.\d+)?\s*(?:分钟?|小时|秒|minutes?|mins?|hours?|hr|sec|s|h)(?![a-z/²2])"
)

_NOT_IRRADIANCE = re.compile(
    r"倾斜|斜面|阵列|组件|倾角|反射|净辐|紫外|光合|长波|逆辐射|反照|地外|天文|大气上界|晴空|日照|(?<!辐)照度"
    r"|tilt|(?<![a-z])(gti|poa|net|uv\w*|par|lw|toa|clear|albedo)(?![a-z])|plane|reflect|longwave"
    r"|clear.?sky|extrater|terrestrial|sunshine|illumin|lux|g\(i\)|upward"
)
_NOT_AIR = re.compile(
    r"露点|湿球|地温|地表|地面|土壤|路面|组件|模块|背板|电池|机箱|箱体|柜|舱|轴承|齿轮|油|体感|海|水温|采集|设备"
    r"|内部|逆变|变压|虚温|位温|温差|控制|发电机|绕组|环境模块|湿度"
    r"|dew|wet.?bulb|soil|ground|skin|surface|panel|module|cell|batter|nacelle|bearing|gear|oil"
    r"|apparent|feels|heat.?index|water|sea|cpu|logger|intern|invert|virtual|potential|stator|rotor"
    r"|(?<![a-z])(td|tw|tdew|td2m|d2m|rh)(?![a-z])"
)
_NOT_SPEED = re.compile(
    r"风向|垂直|分量|切变|功率|风能|等级|风级|风力|密度|转速|叶[轮尖]"
    r"|direct|vertical|component|shear|power|densit|vane|rotor|(?<![a-z])(dir|wd|rpm|u|w)(?![a-z])"
)

_IRRADIANCE = (
    (
        WeatherQuantity.BHI,
        True,
        r"水平面?的?(?:太阳)?直[接射]|direct.?horiz|horiz\w*.?(?:beam|direct)|beam.?horiz"
        r"|(?<![a-z])(?:bhi|fdir)(?![a-z])|gb\(h\)",
    ),
    (
        WeatherQuantity.DNI,
        True,
        r"法向直|直接法向|法向.{0,3}辐[射照]|垂直.{0,6}直[接射]|(?<![a-z])dni(?![a-z])"
        r"|direct.?normal|normal.?(?:beam|direct)|beam.?normal|gb\(n\)",
    ),
    (WeatherQuantity.DHI, True, r"散射|漫射|(?<![a-z])dhi(?![a-z])|diffuse|gd\(h\)"),
    (WeatherQuantity.BEAM, False, r"直接辐[射照]|直射|direct|beam"),
    (
        WeatherQuantity.GHI,
        True,
        r"(?<![a-z])ghi(?![a-z])|总辐[射照]|水平面.{0,4}辐[射照]|短波.{0,4}辐[射照]"
        r"|surface_solar_radiation|global.?horiz|horiz\w*.?global"
        r"|(?<![a-z])(?:ssrd|swdown)(?![a-z])|g\(h\)|shortwave",
    ),
    (
        WeatherQuantity.GHI,
        False,
        r"辐[射照]|irradiance|radiation|(?<![a-z])(?:solar|global|irr|rad)(?![a-z])",
    ),
)
_AIR = (
    (
        True,
        r"气温|空气温度|大气温度|环境温度|干球|air.?temp|temp\w*.?air|dry.?bulb|ambient"
        r"|(?<![a-z])(?:t2m|tair|t_air|tamb|t_amb|airt)(?![a-z])"
        r"|temp\w*[ _]?2 ?m(?![a-z])|2 ?m.?temp",
    ),
    (False, r"温度|temp|^t(?:[ _]?\d+ ?m)?$"),
)
_SPEED = (
    (True, r"风速|wind.?spe?e?d|wspd|windspd|(?<![a-z])(?:ws|spd)(?![a-z])|^v_?\d"),
    (False, r"^wind|speed|^v$"),
)
_SNOW = re.compile(r"^snowfall|降雪")

_METRES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:m|米)(?![a-z0-9²/·*-])")
_AT = re.compile(
    r"(?:@|高度|高程|离地|height|(?<![a-z])(?:at|h|z)(?![a-z]))[\s_:=]*(\d+(?:\.\d+)?)(?![\d.]|\s*(?:ft|km|cm))"
)
_BARE = re.compile(
    r"(?:风速|wind.?speed|wspd|speed|ws|spd|^v|^t)[\s_-]*(\d{2,3}(?:\.\d+)?)(?![\d.]|\s*(?:[a-z]{2}|号))"
)
# metres that are no height of the instrument: of the site above the sea, of the whole tower
_OTHER_METRES = re.compile(
    r"(?:海拔(?:高度|高程)?|altitude|elevation|elev\.?|塔高)[\s_:=]*\d+(?:\.\d+)?\s*(?:m|米)?"
)
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")


def normalised(header: str) -> str:
    """A heading in lower case, compatibility forms (㎡, ℃, full width) resolved."""
    text = unicodedata.normalize("NFKC", header).lower().strip()
    return text.replace("\N{MINUS SIGN}", "-").replace("\N{DOT OPERATOR}", "·").replace("•", "·")


def height_of(header: str) -> float | None:
    """Height above ground a heading names [m]: ``风速_70m``, ``ws80``, ``@80``, ``高度80米``.

    The number before m or 米 is the height; then one after @, 高度 or *height*; then one of two
    or three digits straight after the quantity, since ``WS1`` is a channel.
    """
    text = _without_units(_AVERAGING.sub(" ", normalised(header)))
    text = _OTHER_METRES.sub(" ", text)
    for pattern in (_METRES, _AT, _BARE):
        match = pattern.search(text)
        if match:
            return float(match[1])
    return None


def _without_units(text: str) -> str:
    """The heading without units that hold an m, such as m/s and MJ/m2."""
    return re.sub(
        r"[a-z]*\s*[·*]?\s*/?\s*m\s*(?:\^|\*\*)?-?[23]|m\s*[/·*]\s*s(?:-1)?|m\s+s-1|米/秒|平方米",
        " ",
        text,
    )


def is_statistic(text: str) -> bool:
    """Whether a normalised heading names another statistic than the mean."""
    return bool(_STATISTIC.search(_AVERAGING.sub(" ", text)))


def heading_of(header: str) -> Heading | None:
    """What a column holds, by its heading; None when it is nothing the calculation uses."""
    text = normalised(header)
    plain = _AVERAGING.sub(" ", text).replace("2米", "2m")
    if _STATISTIC.search(plain):
        return None
    for quantity, named in _matches(plain):
        unit, unknown = _unit(text, quantity)
        return Heading(header, quantity, named, height_of(header), unit, unknown)
    return None


def heading_as(header: str, quantity: WeatherQuantity) -> Heading:
    """A heading whose quantity the user named; height and unit are still read from it."""
    unit, unknown = _unit(normalised(header), quantity)
    return Heading(header, quantity, True, height_of(header), unit, unknown)


def _matches(text: str) -> list[tuple[WeatherQuantity, bool]]:
    """The quantity of a heading (at most one), and whether it is named outright."""
    words = text.replace("°c", " ")
    if not _NOT_SPEED.search(words):
        for named, pattern in _SPEED:
            if re.search(pattern, words):
                return [(WeatherQuantity.WIND_SPEED, named)]
    if not _NOT_IRRADIANCE.search(words):
        for quantity, named, pattern in _IRRADIANCE:
            if re.search(pattern, words) and not re.search(r"风|wind", words):
                return [(quantity, named)]
    if not _NOT_AIR.search(words):
        for named, pattern in _AIR:
            if re.search(pattern, words):
                return [(WeatherQuantity.TEMP_AIR, named)]
    return [(WeatherQuantity.SNOWFALL, True)] if _SNOW.search(words) else []


def _unit(text: str, quantity: WeatherQuantity) -> tuple[WeatherUnit | None, str]:
    """The unit a heading states, and what stands in a unit's place but is none we know."""
    known = UNITS[quantity.value]
    groups = _BRACKETS.findall(text.replace("(m2·h)", "m2·h").replace("(m2h)", "m2·h"))
    inside = [part for group in groups for part in re.split(r"\s*[,;、]\s*", group.strip()) if part]
    for part in inside:
        for unit in known:
            stated = unit.whole(part)
            if stated:
                return stated, ""
    strange = [part for part in inside if _looks_like_a_unit(part)]
    if strange:
        return None, strange[0]
    outside = _BRACKETS.sub(" ", text)
    for unit in known:
        if unit.ending(outside.rstrip()):
            return unit, ""
    tail = re.search(r"[\s_]([a-z]*/[a-z0-9²^·*-]+)$", outside)
    return None, tail[1] if tail else ""


def _looks_like_a_unit(part: str) -> bool:
    return bool(re.search(r"/|\^|²|(?<![a-z])(?:w|wh|mj|kj|j|btu|ly|kt|kn|mph|km)(?![a-z])", part))
