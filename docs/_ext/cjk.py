"""Chinese text may be broken over lines anywhere: a line end between two such signs is no space."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.transforms import Transform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_WIDE = re.compile("[\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


class JoinWideLines(Transform):
    """Drop line ends between wide characters; MyST makes a text of its own of every line end."""

    default_priority = 900

    def apply(self, **_options: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if text != "\n" or isinstance(text.parent, nodes.literal_block):
                continue
            siblings = text.parent.children
            place = next(at for at, part in enumerate(siblings) if part is text)
            before = "".join(part.astext() for part in siblings[max(place - 1, 0) : place])
            after = "".join(part.astext() for part in siblings[place + 1 : place + 2])
            if _WIDE.match(before[-1:]) and _WIDE.match(after[:1]):
                del siblings[place]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(JoinWideLines)
    return {"parallel_read_safe": True}
