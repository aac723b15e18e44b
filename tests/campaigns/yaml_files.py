"""Spoiled park files, schemes, rule packs and energy cases; every fault is refused in words.

Damage of which it is known that the file cannot be right must be refused: read without a word it
counts as wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

from greenland.energy.case import read_case
from greenland.land.per_mu.scheme import load_scheme as per_mu_scheme
from greenland.land.review.scheme import load_scheme as review_scheme
from greenland.land.settings_check import settings_problems
from greenland.park import read_park
from greenland.rules import load_rulebook

from .frame import Campaign, WrongValueError

PARK = """\
name: 试验园区（虚构）
level: 省级
type: 经济技术开发区
year: 2025
as_of: 2025-12-31
workbook: park.xlsx
rules:
  packs: [national, yunnan]
  overrides:
    land.control.building_coefficient.2023: {value: 0.35, source: 县细则（虚构）}
    land.stock.inefficient.criteria:
      value: [class_d, tax_per_mu]
      source: 县认定办法（虚构）
land:
  per_mu:
    scheme: ha-2024
    benchmarks:
      above_scale:
        tax_per_mu: {value: 12.5, source: 县公报（虚构）}
  review:
    zone_kind: industrial
    last_full_year: 2024
    ideals:
      idle_land_rate: {value: 0.02, source: 县规划（虚构）}
"""
PER_MU = """\
id: county
title: 县办法（虚构）
title_en: county
document: 虚构
confidence: assumption
groups:
  above_scale:
    items:
      - {indicator: tax_per_mu, weight: 60, benchmark: {method: group_mean}, cap: 1.5}
      - {indicator: output_per_mu, weight: 40, benchmark: {method: fixed, value: 400}}
classes:
  method: share
  bounds: [{class: A, share: 0.2}, {class: B, share: 0.7}, {class: C, share: 1.0}]
vetoes:
  - {when: below, indicator: tax_per_mu, value: 3, at_best: C}
"""
REVIEW = """\
id: own-review
title: 自拟（虚构）
title_en: own
document: 虚构
confidence: assumption
reverse: [idle_land_rate]
ideal_sets: {default: [general]}
trees:
  industrial:
    - node: degree
      title: 程度
      weight: 0.6
      children: [{indicator: land_supply_rate, weight: 1.0}]
    - node: management
      title: 管理
      weight: 0.4
      children: [{indicator: idle_land_rate, weight: 1.0}]
"""
PACK = """\
rules:
  - id: land.test.share
    value: 0.25
    unit: share
    title: 比例（虚构）
    title_en: share
    document: 虚构〔2025〕1号
    valid_from: 2025-01-01
    confidence: assumption
"""
CASE = """\
year: 2025
load: load.csv
sources:
  - {name: 光伏, technology: pv, profile: load.csv, capex: 3000000, lifetime: 25, max_mw: 20}
grid:
  import_price: 0.45
  export_price: 0.2
  max_import_mw: 30
"""
FILES = {"park": PARK, "per_mu": PER_MU, "review": REVIEW, "pack": PACK, "case": CASE}
LOAD = "time,load\n" + "".join(f"2025-01-01 {hour:02d}:00,{5 + hour % 3}\n" for hour in range(24))

VALUES = (
    "2026-06-31", "9999-12-31", "0000-00-00", "2025-02-29", "'2025-13-01'", "20251231", "1e999",
    "-1e999", "9" * 5000, "0x" + "f" * 400, ".nan", ".inf", "-.inf", "nan", "true", "no", "on",
    "~", "''", "'40%'", "40", "-5", "０.４", "0,4", "1 000", "[1, 2]", "[]", "{}", "{a: 1}",
    "[[[]]]", "x" * 300, "x" * 20_000, "'" + "名" * 5000 + "'", '"a\\0b"', '"\\ud800"', "../" * 40,
    "/dev/zero", "/dev/stdin", ".", "..", "*x", "&x 1", "!!int 5", "!!python/name:os.system",
    "!x 1", "|\n  a\n b", ">", "@x", "`x`", "%x", "“0.4”", "\u200b5", "\u202e5", "５", "0o8", "013",
    "1:20", "yes", "null", "!!binary aGk=", "!!timestamp 2026-99-99", "- 1", "? a", "{lvl}", "{",
)  # fmt: skip
SIGNS = (
    "：，、“”‘’【】［］｛｝（）＃－\t\u3000\u00a0\u200b\ufeff\x00\x07\x1b\u2028"
    ":,[]{}#&*!|>'\"%@`?-~ \n\r"
)
TRUTHS = re.compile(
    r"(?<=: )(0\.35|12\.5|0\.02|60|400|0\.45|0\.2|0\.25|25|1\.5|0\.6|1\.0)(?=[,}\n])"
)

Spoil = Callable[[random.Random, str], str | bytes]


def _line(numbers: random.Random, text: str) -> tuple[list[str], int]:
    lines = text.splitlines(keepends=True)
    return lines, numbers.randrange(len(lines))


def signs(numbers: random.Random, text: str) -> str:
    """Put, take or change single characters."""
    for _round in range(numbers.randint(1, 4)):
        place = numbers.randrange(len(text) + 1)
        taken = numbers.randint(0, 2)
        text = text[:place] + numbers.choice(["", *SIGNS]) + text[place + taken :]
    return text


def lines(numbers: random.Random, text: str) -> str:
    """Repeat, leave out, exchange or cut lines."""
    parts, place = _line(numbers, text)
    other = numbers.randrange(len(parts))
    match numbers.randrange(4):
        case 0:
            parts.insert(place, parts[other])
        case 1:
            del parts[place]
        case 2:
            parts[place], parts[other] = parts[other], parts[place]
        case _:
            parts = [*parts[:place], parts[place][: numbers.randrange(len(parts[place]))]]
    return "".join(parts)


def indent(numbers: random.Random, text: str) -> str:
    """Change the indentation of a line."""
    parts, place = _line(numbers, text)
    parts[place] = numbers.choice([" ", "   ", "\t", "\u3000", "- ", "－ "]) + parts[place]
    return "".join(parts)


def values(numbers: random.Random, text: str) -> str:
    """Put something odd in place of a value."""
    found = list(re.finditer(r"(?<=: )[^\s{\[][^,}\n]*", text))
    hit = numbers.choice(found)
    return text[: hit.start()] + numbers.choice(VALUES) + text[hit.end() :]


def keys(numbers: random.Random, text: str) -> str:
    """Misspell a name, or put something odd in its place."""
    hit = numbers.choice(list(re.finditer(r"[A-Za-z_][\w.]*(?=:)", text)))
    word = hit.group()
    place = numbers.randrange(len(word))
    odd = numbers.choice([word[:place] + word[place + 1 :], word + "x", "? [a]", "<<", "~", "*a"])
    return text[: hit.start()] + odd + text[hit.end() :]


def chinese_colon(numbers: random.Random, text: str) -> str:
    """Type one colon as Chinese writing has it."""
    hit = numbers.choice(list(re.finditer(r"(?m)(?<=\w):(?= \S| *$)", text)))
    return text[: hit.start()] + "：" + text[hit.end() :].removeprefix(" ")


def no_blank(numbers: random.Random, text: str) -> str:
    """Leave out the blank after a colon at the beginning of a line."""
    hit = numbers.choice(list(re.finditer(r"(?m)(?<=^)( *\w+: )(?=\w)", text)))
    return text[: hit.end() - 1] + text[hit.end() :]


def boolean(numbers: random.Random, text: str) -> str:
    """Put true or text in place of a number."""
    hit = numbers.choice(list(TRUTHS.finditer(text)))
    odd = numbers.choice(["true", "false", "no", "on", "'40%'", "“0.4”", "约 5", ".nan", "{a: 1}"])
    return text[: hit.start()] + odd + text[hit.end() :]


def aliases(numbers: random.Random, text: str) -> str:
    """Anchors that refer to each other, or to themselves."""
    match numbers.randrange(4):
        case 0:
            rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
            return "a0: &a0 [x]\n" + "\n".join(rows) + "\n" + text
        case 1:
            return "loop: &a [*a]\n" + text
        case 2:
            return text + "loop: &m\n  <<: *m\n"
        case _:
            return text.replace(": ", ": &a ", 1) + "more: *b\n"


def depth(numbers: random.Random, text: str) -> str:
    """Nest beyond all use."""
    deep = numbers.choice([60, 1000, 100_000])
    return text + numbers.choice(["deep: " + "[" * deep, "deep: " + "{a: " * deep, "- " * deep])


def heads(numbers: random.Random, text: str) -> str:
    """Directives, several documents, other kinds of content."""
    return numbers.choice(
        ["%YAML 1.1\n---\n" + text, text + "---\n" + text, "- " + text, "", "\n", "只有一句话", "5",
         "--- |\n " + text, "%TAG ! x\n---\n" + text, "#" + text, "<<: {a: 1}\n" + text]
    )  # fmt: skip


def bytes_(numbers: random.Random, text: str) -> bytes:
    """Other encodings, and bytes of none."""
    raw = bytearray(text.encode())
    match numbers.randrange(6):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode("gb18030")
        case 2:
            return b"\xef\xbb\xbf" + raw
        case 3:
            return bytes(raw[: numbers.randrange(len(raw))])
        case 4:
            raw[numbers.randrange(len(raw))] = numbers.randrange(256)
            return bytes(raw)
        case _:
            return numbers.randbytes(300)


DAMAGE: tuple[Spoil, ...] = (
    signs, lines, indent, values, keys, chinese_colon, no_blank, boolean, aliases, depth, heads,
    bytes_,
)  # fmt: skip
MUST_BE_REFUSED = frozenset(("chinese_colon", "no_blank", "boolean", "aliases", "depth"))


def spoil(numbers: random.Random, folder: Path) -> str:
    """Write a spoiled file of one kind beside what it needs."""
    kind = numbers.choice(sorted(FILES))
    damage = numbers.choice(DAMAGE)
    spoiled = damage(numbers, FILES[kind])
    (folder / "load.csv").write_text(LOAD, encoding="utf-8")
    target = folder / "pack" / "pack.yaml" if kind == "pack" else folder / f"{kind}.yaml"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(spoiled if isinstance(spoiled, bytes) else spoiled.encode("utf-8", "ignore"))
    name = damage.__name__.rstrip("_")
    (folder / "damage.txt").write_text(name, encoding="utf-8")
    return f"{kind}: {name}"


def read(folder: Path) -> int:
    """Read the file as the product does."""
    told = _read(folder)
    if not told and (folder / "damage.txt").read_text(encoding="utf-8") in MUST_BE_REFUSED:
        raise WrongValueError("read without a word")
    return told


def _read(folder: Path) -> int:
    if (folder / "park.yaml").exists():
        park = read_park(folder)
        faults = [item for item in park.problems if item.file == "park.yaml"]
        return len([*faults, *settings_problems(park)])
    if (folder / "per_mu.yaml").exists():
        per_mu_scheme("per_mu.yaml", folder)
    elif (folder / "review.yaml").exists():
        review_scheme("review.yaml", folder)
    elif (folder / "case.yaml").exists():
        read_case(folder / "case.yaml")
    else:
        load_rulebook(("pack",), 2025, folders=[folder])
    return 0


CAMPAIGN = Campaign(spoil, read, count=2100)
