"""Read parcel outlines from GeoPackage, GeoJSON or shapefile (extra ``gis``).

The libraries are loaded only when there is a file to read, so that a park without outlines
needs none of them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.errors import InputError, MissingExtraError, Problem, Severity, input_error
from greenland.i18n import _
from greenland.park.inside import file_inside
from greenland.yamlfile import nearest

if TYPE_CHECKING:
    import geopandas

PARCEL_COLUMNS = ("parcel_id", "宗地编号", "宗地代码", "ZDBH", "zdbh", "ZDDM", "zddm")
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp")
TOUCHES = ("land.geometry",)
LON_LAT = "EPSG:4490"  # CGCS2000
WGS84 = 4326  # to PROJ the same longitudes and latitudes; finding that out takes it a while


def read_geometry(path: Path, layer: str | None = None) -> geopandas.GeoDataFrame:
    """Read outlines of parcels.

    Parameters
    ----------
    path : Path
        GeoPackage, GeoJSON or shapefile, with a column that holds the parcel number.
    layer : str, optional
        Layer of a GeoPackage; the first when left out.

    Returns
    -------
    GeoDataFrame
        Columns ``parcel_id`` (text) and ``geometry`` in longitude and latitude, CGCS2000;
        index ``feature`` counted from 1.

    Raises
    ------
    MissingExtraError
        If the libraries of the extra are not installed.
    InputError
        If the file is missing, cannot be read, has no coordinate system or no parcel number.
    """
    frame = _open(path, layer)
    if frame.crs is None:
        raise input_error(
            "geometry_crs",
            _("图形文件没有坐标系。"),
            remedy=_("请在导出时写明坐标系（如 CGCS2000，EPSG:4490；Shapefile 需带 .prj 文件）。"),
            file=path.name,
        )
    column = _parcel_column(frame, path)
    plain = frame[[column, frame.geometry.name]].rename(columns={column: "parcel_id"})
    if plain.geometry.name != "geometry":
        plain = plain.rename_geometry("geometry")
    same = plain.crs.to_epsg() == WGS84
    plain = plain.set_crs(LON_LAT, allow_override=True) if same else plain.to_crs(LON_LAT)
    plain["parcel_id"] = [_code(value) for value in plain["parcel_id"].tolist()]
    plain.index = pd.RangeIndex(1, len(plain) + 1, name="feature")
    return plain


def geometry_of(
    folder: Path, file: str | None
) -> tuple[geopandas.GeoDataFrame | None, list[Problem]]:
    """Outlines named in park.yaml, or what is wrong with them; nothing else stops for it.

    Returns
    -------
    GeoDataFrame or None
        None when no file is named or it cannot be used.
    list of Problem
        A missing extra is a warning, an unusable file an error of the outlines alone.
    """
    if file is None:
        return None, []
    try:
        return read_geometry(file_inside(folder, file)), []
    except MissingExtraError as error:
        text = _("宗地图形未读取：{detail}", detail=str(error))
        return None, [Problem(Severity.WARNING, "extra", text, file=file, touches=TOUCHES)]
    except InputError as error:
        return None, [replace(item, touches=TOUCHES) for item in error.problems]


def _code(value: Any) -> str | None:
    """A parcel number as text; numbers as they would be written."""
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None


def _open(path: Path, layer: str | None) -> geopandas.GeoDataFrame:
    try:
        import geopandas
        import pyogrio
    except ImportError as error:
        raise MissingExtraError("gis", _("读取宗地图形")) from error
    if not path.exists():
        raise input_error("no_file", _("找不到图形文件。"), file=str(path))
    if path.suffix.lower() not in SUFFIXES:
        raise input_error(
            "geometry_format",
            _("不支持的图形文件格式。"),
            file=path.name,
            got=path.suffix,
            allowed="、".join(SUFFIXES),
        )
    errors = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError)
    more: dict[str, Any] = {"layer": layer} if layer else {}
    try:
        frame = _decoded(geopandas.read_file, path, more)
    except errors as error:
        raise input_error(
            "geometry_file",
            _("图形文件无法读取：{detail}", detail=str(error).split("\n")[0]),
            remedy=_("请检查文件是否完整；Shapefile 需要 .shp、.shx、.dbf、.prj 四个文件。"),
            file=path.name,
        ) from error
    return frame


def _decoded(read: Any, path: Path, more: dict[str, Any]) -> Any:
    """Read with the encoding the file states; a shapefile that then makes no sense, as GBK.

    Shapefiles written by Chinese desktop software often carry GBK without saying so.
    """
    try:
        frame = read(path, **more)
    except UnicodeDecodeError:
        return read(path, encoding="GBK", **more)
    if path.suffix.lower() != ".shp" or _known(frame) or frame.columns.str.isascii().all():
        return frame
    try:
        return read(path, encoding="GBK", **more)
    except UnicodeDecodeError:
        return frame


def _known(frame: Any) -> str | None:
    return next((name for name in PARCEL_COLUMNS if name in frame.columns), None)


def _parcel_column(frame: geopandas.GeoDataFrame, path: Path) -> str:
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    found = _known(frame)
    if found is not None:
        return found
    guess = nearest("宗地编号", names)
    raise input_error(
        "geometry_column",
        _("图形文件没有宗地编号字段。"),
        remedy=_("是否应将“{guess}”改名为“宗地编号”？", guess=guess)
        if guess
        else _("请增加字段“宗地编号”（Shapefile 可用 ZDBH），与宗地台账一致。"),
        file=path.name,
        got="、".join(names),
        allowed="、".join(PARCEL_COLUMNS),
    )
