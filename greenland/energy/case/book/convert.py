"""A case from YAML to the intake workbook and back, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.energy.case.book.cells import as_yaml
from greenland.energy.case.book.layout import INTAKE
from greenland.energy.case.book.writer import write_book
from greenland.energy.case.schema import Case
from greenland.energy.case.source import BOOKS, read_source
from greenland.errors import input_error
from greenland.files import refuse_existing, write_text
from greenland.i18n import _
from greenland.yamlfile import plain, validate


def write_intake(folder: str | Path) -> Path:
    """Write a blank intake workbook into a folder.

    Parameters
    ----------
    folder : path
        Made if it is not there.

    Returns
    -------
    Path
        Of the workbook.

    Raises
    ------
    InputError
        If the folder has one already.
    """
    path = Path(folder) / INTAKE
    refuse_existing([path])
    return write_book(path, {})


def convert_case(source: str | Path, target: str | Path) -> Path:
    """Write a case in the other form: YAML as an intake workbook, a workbook as YAML.

    Parameters
    ----------
    source, target : path
        Workbooks end in ``.xlsx``, YAML files in ``.yaml`` or ``.yml``. Both stand in one folder,
        for curves are named relative to it.

    Returns
    -------
    Path
        Of what was written.

    Raises
    ------
    InputError
        With every fault of the case; if the target exists, stands elsewhere, or has the form of
        the source.
    """
    source, target = Path(source), Path(target)
    if (target.suffix.lower() in BOOKS) == (source.suffix.lower() in BOOKS):
        raise input_error(
            "convert_form",
            _("两个文件是同一种形式，不需要转换。"),
            file=target.name,
            allowed=_("一个是 .xlsx，另一个是 .yaml"),
        )
    if source.resolve().parent != target.resolve().parent:
        raise input_error(
            "convert_folder",
            _("曲线文件名相对于案例所在的文件夹，请写到同一文件夹。"),
            file=str(target),
            allowed=str(source.resolve().parent),
        )
    refuse_existing([target])
    tree = read_source(source)
    validate(tree, Case, file=source.name)
    values: Mapping[str, Any] = plain(tree)
    if target.suffix.lower() in BOOKS:
        return write_book(target, values)
    return write_text(target, as_yaml(values))
