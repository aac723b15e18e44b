"""The chart runtime: Vega, Vega-Lite and Vega-Embed out of the vl-convert wheel."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

# What the page calls; the bundle's own snippet decides which names it exports.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def _cache_folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "greenland"


@cache
def javascript() -> str:
    """The runtime as one script, kept in the user's cache folder after the first time.

    Bundling takes more than a second, reading the copy a few milliseconds. The copy is named
    after the versions in it; without a writable cache folder it is made anew.
    """
    import vl_convert

    parts = (
        version("vl-convert-python"),
        vl_convert.get_vega_version(),
        vl_convert.get_vegalite_versions()[-1],
    )
    with contextlib.suppress(OSError, RuntimeError):
        kept = _cache_folder() / f"vega-{'-'.join(parts)}.js"
        if kept.is_file() and kept.stat().st_size > 100_000:
            return kept.read_text(encoding="utf-8")
    script = str(vl_convert.javascript_bundle(_SNIPPET)).replace("</script", "<\\/script")
    with contextlib.suppress(OSError, RuntimeError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(kept, script)
    return script


def _write_whole(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
    Path(name).replace(path)
