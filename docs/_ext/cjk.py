"""Chinese text may be broken over lines anywhere: a line end between two such signs is no space."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.transforms import Transform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_WIDE = "\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_BREAK = re.compile(f"(?<=[{_WIDE}])\n(?=[{_WIDE}])")


class JoinWideLines(Transform):
    """Drop line ends between wide characters of one text."""

    default_priority = 900

    def apply(self, **_options: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):
            joined = _BREAK.sub("", str(text))
            if joined != text and not isinstance(text.parent, nodes.literal_block):
                text.parent.replace(text, nodes.Text(joined))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(JoinWideLines)
    return {"parallel_read_safe": True}
