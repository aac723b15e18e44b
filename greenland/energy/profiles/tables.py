"""Read a table of readings from CSV, Excel or Parquet, whatever stands above its header."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.errors import MissingExtraError, input_error
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

_HEAD_BYTES = 262_144
_ENCODINGS = ("utf-8-sig", "gb18030")
# 元, 时 and a few more in GBK are also sound UTF-8, of letters no table holds
_GBK_AS_UTF8 = re.compile(
    "^[^\u0800-\uffff]*[\u0180-\u02ff\u0500-\u052f][^\u0800-\uffff]*$", re.DOTALL
)
_CODE = re.compile(r"号|编码|代码|^(meter|customer)", re.IGNORECASE)  # leading zeros count


def open_bytes(path: Path) -> bytes:
    """Content of a file, unpacked if it ends in ``.gz``.

    Raises
    ------
    InputError
        If there is no such file.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise input_error("no_file", _("找不到文件。"), file=str(path)) from error
    return gzip.decompress(data) if path.suffix == ".gz" else data


def decode(data: bytes, path: Path) -> str:
    """Text of a file in UTF-8 or GBK.

    Raises
    ------
    InputError
        If it is in neither.
    """
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" or not _GBK_AS_UTF8.search(text):
            return text
    raise input_error(
        "encoding",
        _("文件既不是 UTF-8 也不是 GBK 编码。"),
        remedy=_("请另存为 UTF-8 编码的 CSV。"),
        file=path.name,
    )


def read_table(
    path: Path, is_header: Callable[[Sequence[str]], bool], *, sheet: str | None = None
) -> tuple[pd.DataFrame, int]:
    """Read a table whose header may stand below title lines.

    Parameters
    ----------
    path : Path
        ``.csv``, ``.txt`` (also ``.gz``), ``.xlsx``, ``.xls``, ``.parquet``.
    is_header : callable
        Whether a row's texts are the header.
    sheet : str, optional
        Of an Excel file; the first one when None.

    Returns
    -------
    table : DataFrame
        Columns named by the header's texts, blank rows left out.
    first_row : int
        Row of the file, from 1, that the first row of the table stands on.

    Raises
    ------
    InputError
        If the file or a header cannot be found.
    """
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".parquet"):
        return _read_parquet(path), 2
    if name.endswith((".xlsx", ".xlsm", ".xls", ".xlsb")):
        return _read_excel(path, is_header, sheet)
    return _read_csv(path, is_header)


def _read_parquet(path: Path) -> pd.DataFrame:
    open_bytes(path)
    try:
        table = pd.read_parquet(path)
    except ImportError as error:
        raise MissingExtraError("parquet", _("读取 Parquet 文件")) from error
    if isinstance(table.index, pd.DatetimeIndex):
        table = table.reset_index(names="time")
    return table.rename(columns=str)


def _read_excel(
    path: Path, is_header: Callable[[Sequence[str]], bool], sheet: str | None
) -> tuple[pd.DataFrame, int]:
    from python_calamine import CalamineError, CalamineWorkbook

    open_bytes(path)
    try:
        book = CalamineWorkbook.from_path(path)
    except CalamineError as error:
        raise input_error(
            "excel", _("不能作为 Excel 文件读取。"), file=path.name, got=str(error)
        ) from error
    if sheet is not None and sheet not in book.sheet_names:
        raise input_error(
            "sheet",
            _("没有工作表“{sheet}”。", sheet=sheet),
            file=path.name,
            allowed="、".join(book.sheet_names),
        )
    rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    for place, row in enumerate(rows[:40]):
        texts = [header_text(cell) for cell in row]
        if is_header(texts):
            body = pd.DataFrame(rows[place + 1 :], columns=_distinct(texts), dtype=object)
            body = body.replace("", np.nan)
            kept = body.loc[:, [bool(name) for name in texts]]
            return kept.dropna(how="all"), place + 2
    raise _no_header(path)


def _read_csv(path: Path, is_header: Callable[[Sequence[str]], bool]) -> tuple[pd.DataFrame, int]:
    data = open_bytes(path)
    text = decode(data, path)
    lines = text[:_HEAD_BYTES].splitlines()[:40]
    for place, line in enumerate(lines):
        for delimiter in (",", "\t", ";", "，"):
            texts = [header_text(cell) for cell in line.split(delimiter)]
            if len(texts) > 1 and is_header(texts):
                return _parse_csv(text, place, delimiter, texts), place + 2
    raise _no_header(path)


def _parse_csv(text: str, place: int, delimiter: str, texts: Sequence[str]) -> pd.DataFrame:
    import io

    names = _distinct(texts)
    table = pd.read_csv(
        io.StringIO(text),
        sep=delimiter,
        skiprows=place + 1,
        header=None,
        names=names,
        dtype=dict.fromkeys(filter(_CODE.search, names), str),
        index_col=False,
        skip_blank_lines=True,
        low_memory=False,
        na_values=["--", "-", "—", "null", "NULL"],
        engine="python" if delimiter == "，" else "c",
    )
    kept = table.loc[:, [bool(name) for name in texts]]
    return kept.dropna(how="all")


def _distinct(texts: Sequence[str]) -> list[str]:
    """Column names made distinct by a number."""
    seen: dict[str, int] = {}
    names = []
    for place, text in enumerate(texts):
        name = text or f"_blank{place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def header_text(cell: Any) -> str:
    """A header cell as plain text; Excel's clock times as ``HH:MM``."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if hasattr(cell, "strftime"):
        return str(cell.strftime("%H:%M"))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip().strip('"').strip()
    return re.sub(r"\s+", " ", text.replace("：", ":").replace("（", "(").replace("）", ")"))


def _no_header(path: Path) -> Exception:
    return input_error(
        "no_header",
        _("找不到表头行。"),
        file=path.name,
        remedy=_("表头须含时间列（如“时间”“日期”）和读数列；也可用列名参数指定。"),
    )


def numbers(column: pd.Series) -> Numbers:
    """Values of a column as floats; texts such as ``1,234.5`` too, NaN for what is no number."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype=float, na_value=np.nan)
    text = column.astype("string").str.normalize("NFKC").str.replace(r"[,\s]", "", regex=True)
    return np.asarray(pd.to_numeric(text, errors="coerce").to_numpy(dtype=float, na_value=np.nan))
