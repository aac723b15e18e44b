"""Sphinx settings; ``make docs`` builds the site offline, with warnings as errors."""

import sys
from pathlib import Path

from greenland import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "greenland"
author = "greenland maintainers"
release = version = __version__
language = "zh_CN"

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "cjk",
    "mathml",
]
exclude_patterns = ["_build"]

# Pages are Markdown; tutorials are notebooks in Markdown, run while the site is built.
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "auto"
nb_execution_raise_on_error = True
nb_execution_timeout = 300

autosummary_generate = True
autodoc_typehints = "none"  # numpydoc's sections say types and units
numpydoc_show_class_members = False

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "greenland"
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "header_links_before_dropdown": 8,
}
toc_object_entries_show_parents = "all"  # many systems have an `evaluate`
html_sidebars = {"api/index": []}
html_copy_source = False
html_show_sourcelink = False
