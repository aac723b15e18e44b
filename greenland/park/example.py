"""The example park that comes with the package."""

from __future__ import annotations

from pathlib import Path

from greenland.errors import input_error
from greenland.files import refuse_existing, write_bytes
from greenland.i18n import _
from greenland.park.folder import Park, read_park

_PACKAGE = Path(__file__).resolve().parent.parent
_HOMES = (
    _PACKAGE / "examples" / "yunnan_park",  # in an installed wheel
    _PACKAGE.parent / "examples" / "yunnan_park",  # in a checkout
)


def example_folder() -> Path:
    """Where the example park (invented data) is kept.

    Returns
    -------
    Path
        Not to be written to.

    Raises
    ------
    InputError
        If it did not come with the package.

    Examples
    --------
    >>> (example_folder() / "park.yaml").is_file()
    True
    """
    home = next((place for place in _HOMES if (place / "park.yaml").is_file()), None)
    if home is None:
        raise input_error(
            "no_example",
            _("安装包中没有示例园区。"),
            remedy=_("请重新安装 greenland，或在源代码中运行 examples/make_yunnan_park.py。"),
        )
    return home


def read_example() -> Park:
    """Read and check the example park (invented data).

    Returns
    -------
    Park
        As `read_park` gives it.

    Raises
    ------
    InputError
        If the example did not come with the package.

    Examples
    --------
    >>> read_example().year
    2026
    """
    return read_park(example_folder())


def write_example(folder: str | Path) -> list[Path]:
    """Copy the example park (invented data) into *folder*.

    Parameters
    ----------
    folder : path
        Made where it does not exist.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If one of them is there already, or the example did not come with the package.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_example(folder)
    >>> {"park.yaml", "park.xlsx"} <= {path.name for path in written}
    True
    """
    folder, home = Path(folder), example_folder()
    sources = sorted(
        path
        for path in home.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(home).parts)
    )
    targets = [folder / path.relative_to(home) for path in sources]
    refuse_existing(targets)
    for source, target in zip(sources, targets, strict=True):
        write_bytes(target, source.read_bytes())
    return targets
