"""Outline files opened: formats, layers, archives; what GDAL makes of them, and nothing judged."""

from __future__ import annotations

import lzma
import re
import shutil
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from greenland.errors import InputError, MissingExtraError, input_error
from greenland.i18n import Text, _
from greenland.park.method import MAX_MEMBERS, MAX_UNPACKED
from greenland.park.normal import listing
from greenland.park.outlines.encodings import table_encoding, utf8_of

TEXT_SUFFIXES = (".geojson", ".json")
SUFFIXES = (".gpkg", *TEXT_SUFFIXES, ".shp", ".kml", ".kmz", ".dxf", ".zip")
ARCHIVES = (".zip", ".kmz")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(RuntimeError, NotImplementedError),  # encrypted; an unknown kind of compression
    *(UnicodeDecodeError, struct.error),  # names and sizes that are damaged
)
NO_SYSTEM = ("", "Undefined Cartesian SRS")


@dataclass(frozen=True)
class DrawnLayer:
    """One layer as the file has it.

    Parameters
    ----------
    name : str
    layers : tuple of str
        Every layer of the file that has shapes.
    fields : mapping of name to values
    wkb : array of bytes or None
        Shapes; None where there is none.
    crs : str or None
        Reference system as the file states it.
    notes : tuple of Text
        What was understood while the file was opened.
    """

    name: str
    layers: tuple[str, ...]
    fields: Mapping[str, Sequence[Any]]
    wkb: np.ndarray
    crs: str | None
    notes: tuple[Text, ...] = ()


def outline_file(folder: Path, file: str) -> Path:
    """Path of an outline file inside the park folder.

    Raises
    ------
    InputError
        If there is no such file, it is not a plain file of a known format, or stands elsewhere.
    """
    path = folder / file
    if not path.resolve().is_relative_to(folder.resolve()):
        raise input_error(
            "geometry_place",
            _("图形文件不在园区文件夹内。"),
            remedy=_("请把文件放到园区文件夹中，geometry 只写相对路径。"),
            file=file,
        )
    if path.suffix.lower() not in SUFFIXES:
        raise input_error(
            "geometry_format",
            _("不支持的图形文件格式。"),
            remedy=_("DWG 图请另存为 DXF。") if path.suffix.lower() == ".dwg" else "",
            file=path.name,
            got=path.suffix,
            allowed=listing(SUFFIXES),
        )
    if not path.exists():
        raise input_error("no_file", _("找不到图形文件。"), file=str(path))
    if not path.is_file():
        raise input_error("geometry_file", _("图形文件不是普通文件。"), file=str(path))
    return path


def read_layer(path: Path, layer: str | None = None) -> DrawnLayer:
    """Read one layer of an outline file; the first with shapes when *layer* is left out.

    Raises
    ------
    MissingExtraError
        If the libraries of the extra are not installed.
    InputError
        If the file cannot be read, or has no such layer.
    """
    try:
        import pyogrio
    except ImportError as error:
        raise MissingExtraError("gis", _("读取宗地图形")) from error
    if path.suffix.lower() in ARCHIVES:
        with _unpacked(path, layer) as (inner, names):
            drawn = _read(pyogrio, inner, layer if len(names) == 1 else None, path.name)
            if len(names) == 1:
                return drawn
            return DrawnLayer(
                layer or names[0], tuple(names), drawn.fields, drawn.wkb, drawn.crs, drawn.notes
            )
    return _read(pyogrio, path, layer, path.name)


def _read(pyogrio: Any, path: Path, layer: str | None, file: str) -> DrawnLayer:
    notes: list[Text] = []
    source: Any = path
    options: dict[str, Any] = {}
    errors = (
        *(pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError),
        *(pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, pyogrio.errors.FieldError),
        *(ValueError, OSError, RuntimeError),
        UnboundLocalError,  # what pyogrio raises for a damaged reference system
    )
    try:
        if path.suffix.lower() in TEXT_SUFFIXES:
            changed = utf8_of(path.read_bytes())
            if changed is not None:
                source = changed[0]
                notes.append(_("文件不是 UTF-8 编码，按 {encoding} 读取", encoding=changed[1]))
        elif path.suffix.lower() == ".shp":
            table = _beside(path, ".dbf")
            encoding = table_encoding(table) if table else None
            if encoding is not None:
                options["encoding"] = encoding
                if table and not _beside(path, ".cpg"):
                    known = "GBK" if encoding == "GB18030" else encoding
                    notes.append(_("属性表没有写明编码，按 {encoding} 读取", encoding=known))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL says of single shapes is found again
            whole = isinstance(source, bytes)  # text is one layer, of a name made up for memory
            layers = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
            layers = [path.stem] if whole and layers else layers
            if not layers:
                raise input_error("geometry_file", _("图形文件中没有图形图层。"), file=file)
            name = _layer_named(layer, layers, file)
            if not whole:
                options["layer"] = name
            meta, _ids, wkb, values = pyogrio.raw.read(source, **options)
    except errors as error:
        raise _unreadable(error, file) from error
    fields = dict(zip(map(str, meta["fields"]), (list(item) for item in values), strict=True))
    crs = meta["crs"]
    if crs is not None and any(crs == word for word in NO_SYSTEM):
        crs = None
    shapes = np.full(0, None, object) if wkb is None else np.asarray(wkb, object)
    return DrawnLayer(name, tuple(layers), fields, shapes, crs, tuple(notes))


def _unreadable(error: Exception, file: str) -> Exception:
    if isinstance(error, InputError):
        return error
    if isinstance(error, UnboundLocalError):
        return input_error(
            "geometry_crs",
            _("图形文件所写的坐标系（.prj）已损坏。"),
            remedy=_("请重新导出；或删去 .prj 文件，在 park.yaml 中写 crs: EPSG:代码。"),
            file=file,
        )
    detail = re.sub(r"'?/vsimem/\S*|'?/tmp/\S*", file, str(error).split("\n")[0].split(";")[0])
    return input_error(
        "geometry_file",
        _("图形文件无法读取：{detail}", detail=detail[:200]),
        remedy=_("请检查文件是否完整；Shapefile 需要 .shp、.shx、.dbf、.prj 四个文件。"),
        file=file,
    )


def _beside(path: Path, suffix: str) -> Path | None:
    """The file of that suffix, in small or capital letters, beside a shapefile."""
    for name in (suffix, suffix.upper()):
        if path.with_suffix(name).is_file():
            return path.with_suffix(name)
    return None


def _layer_named(wanted: str | None, layers: Sequence[str], file: str) -> str:
    if wanted is None:
        return layers[0]
    if wanted in layers:
        return wanted
    raise input_error(
        "geometry_layer",
        _("图形文件中没有图层“{layer}”。", layer=wanted),
        remedy=_("请在 park.yaml 的 layer 中写下列图层之一。"),
        file=file,
        got=wanted,
        allowed=listing(layers),
    )


@contextmanager
def _unpacked(path: Path, layer: str | None) -> Iterator[tuple[Path, list[str]]]:
    """One outline file of an archive, unpacked for a while, and the names of all in it.

    Names inside the archive are never used as paths.
    """
    with tempfile.TemporaryDirectory(prefix="greenland-outlines-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(archive, path.name)
                names = [
                    name
                    for name in members
                    if Path(name).suffix.lower() in SUFFIXES
                    and Path(name).suffix.lower() not in ARCHIVES
                ]
                titles = [Path(name).stem for name in names]
                if not names:
                    raise input_error(
                        "geometry_file", _("压缩包中没有可读的图形文件。"), file=path.name,
                        allowed=listing(SUFFIXES),
                    )  # fmt: skip
                chosen = names[0]
                if len(names) > 1 and layer is not None:
                    chosen = names[titles.index(_layer_named(layer, titles, path.name))]
                base = chosen[: -len(Path(chosen).suffix)]
                for name, member in members.items():
                    stem, suffix = name[: -len(Path(name).suffix) or None], Path(name).suffix
                    if stem == base:
                        target = Path(folder) / f"outlines{suffix.lower()}"
                        with archive.open(member) as source, target.open("wb") as copy:
                            _copy(source, copy, path.name)
        except _BROKEN as error:
            raise input_error(
                "geometry_file",
                _("压缩包损坏、已加密，或无法解压：{detail}", detail=str(error)[:200]),
                file=path.name,
            ) from error
        yield Path(folder) / f"outlines{Path(chosen).suffix.lower()}", titles


def _members(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """Files of an archive by their name in the encoding they were written in."""
    entries = [item for item in archive.infolist() if not item.is_dir()]
    if len(entries) > MAX_MEMBERS or sum(item.file_size for item in entries) > MAX_UNPACKED:
        raise _too_large(file)
    names: dict[str, zipfile.ZipInfo] = {}
    for item in entries:
        name = item.filename
        if not item.flag_bits & 0x800:  # not marked UTF-8: Chinese software writes GBK
            try:
                name = name.encode("cp437").decode("gb18030")
            except (UnicodeEncodeError, UnicodeDecodeError):
                name = item.filename
        if not name.startswith("__MACOSX/"):
            names[name] = item
    return names


def _copy(source: Any, target: Any, file: str) -> None:
    """Copy no more than `MAX_UNPACKED`, whatever the archive says of its size."""
    shutil.copyfileobj(_Limited(source, file), target, 1 << 20)


class _Limited:
    def __init__(self, source: Any, file: str) -> None:
        self.source, self.file, self.left = source, file, MAX_UNPACKED

    def read(self, size: int = -1, /) -> bytes:
        content: bytes = self.source.read(size)
        self.left -= len(content)
        if self.left < 0:
            raise _too_large(self.file)
        return content


def _too_large(file: str) -> Exception:
    return input_error(
        "geometry_size",
        _("压缩包解开后过大，未读取。"),
        remedy=_("请只打包宗地图形的文件。"),
        file=file,
        allowed=_("{count} 个文件，共 {size} MB", count=MAX_MEMBERS, size=MAX_UNPACKED >> 20),
    )
