"""Words in quotation marks stand in the document they are quoted from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenland.rules import available_packs, load_rulebook

TEXTS = Path(__file__).resolve().parents[3] / "shared/design/policy_text.md"
DOCUMENTS = {  # words of a rule's document: heading of its text
    "进一步发展壮大园区经济行动计划": "YN2026",
    "“十四五”产业园区发展规划": "YN14FYP",
    "楚办发〔2023〕5号": "CX2023",
}
# Names of things, which the documents put in quotation marks or which are ours.
TERMS = {"标准地", "十四五"}


def plain(text: str) -> str:
    """A text without blanks and with one form of each punctuation mark."""
    forms = str.maketrans(',;:()"', "，；：（）”")
    return re.sub(r"\s", "", text).translate(forms).replace("“", "”")


@pytest.mark.external
@pytest.mark.skipif(not TEXTS.exists(), reason="the texts of the documents are not part of it")
def test_quotations_stand_in_their_document() -> None:
    sections = re.split(r"(?m)^## ", TEXTS.read_text(encoding="utf-8"))
    texts = {part.split(maxsplit=1)[0]: plain(part) for part in sections[1:]}
    checked = 0
    for rule in load_rulebook(available_packs(), 2026).all_rules:
        names = [key for words, key in DOCUMENTS.items() if words in rule.document]
        for quoted in re.findall("“([^”]+)”", f"{rule.title}{rule.note}{rule.clause}"):
            if not names or quoted in TERMS:
                continue
            assert plain(quoted) in texts[names[0]], f"{rule.id}: “{quoted}”"
            checked += 1
    assert checked >= 8
