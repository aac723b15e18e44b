"""Every command and every line of Python in the READMEs runs, in the order it stands there.

The two READMEs have the same ones, so those of one are run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_records import folder_of
from sound_park import CONFIG, sound_rows, typed_tables

from greenland.cli import cli
from greenland.park import write_tables
from greenland.workers import VARIABLE

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)

# Commands that set a machine up; the continuous run itself makes them, or the wheel test does.
SET_UP = ("make demo", "make test", "python -m venv", ".venv\\Scripts\\activate", "pip install")


def blocks(readme: str, language: str) -> list[str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    return [body for kind, body in BLOCK.findall(text) if kind == language]


def commands(readme: str) -> list[str]:
    lines = "\n".join(blocks(readme, "sh")).splitlines()
    return [line.split("  #")[0].split(" #")[0].strip() for line in lines if line.strip()]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the project's examples, to stand in; processes work side by side as usual."""
    monkeypatch.delenv(VARIABLE, raising=False)
    shutil.copytree(
        ROOT / "examples",
        tmp_path / "examples",
        ignore=shutil.ignore_patterns("out", "__pycache__"),
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill_in(folder: Path) -> None:
    """The example with the curves of four weeks."""
    short = folder_of(28)
    shutil.copytree(short, folder, dirs_exist_ok=True)
    shutil.rmtree(short)


def write_small_park(folder: Path) -> None:
    """Stand in for a person who fills in the sheets of a few parcels and firms, and park.yaml."""
    (folder / "park.yaml").write_text(f"{CONFIG}rules: {{packs: [national, yunnan]}}\n", "utf-8")
    write_tables(folder / "park.xlsx", typed_tables(sound_rows()))


@pytest.mark.slow
def test_commands_run(workplace: Path) -> None:
    fill_in(workplace / "examples" / "yunnan_park")  # `make demo` takes the whole year
    for line in commands(READMES[0]):
        if line.startswith(SET_UP):
            continue
        words = shlex.split(line)
        assert words[0] == "greenland", f"{line!r} is run by no test"
        result = CliRunner(env=dict(os.environ)).invoke(cli, words[1:], catch_exceptions=False)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        if words[1] == "init":
            write_small_park(workplace / words[2])


@pytest.mark.parametrize("readme", READMES)
def test_set_up_commands_are_those_the_continuous_run_makes(readme: str) -> None:
    found = [line for line in commands(readme) if line.startswith("make ")]
    assert found == ["make demo", "make test"]
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in run if line.startswith("make ")] == found


def test_without_make_the_same_is_installed() -> None:
    rule = (ROOT / "Makefile").read_text(encoding="utf-8").split("/.ready:")[1].split("\n\n")[0]
    made = re.findall(r"-m (pip install .*)", rule)
    plain = [re.sub(" --(quiet|editable)", "", line) for line in made]
    assert [line for line in commands(READMES[0]) if line.startswith("pip ")] == plain


@pytest.mark.slow
def test_python_runs(workplace: Path) -> None:
    fill_in(workplace / "examples" / "yunnan_park")
    for body in blocks(READMES[0], "python"):
        exec(compile(body, READMES[0], "exec"), {})
    assert (workplace / "report.html").stat().st_size > 100_000


def test_the_two_say_the_same() -> None:
    assert commands(READMES[0]) == commands(READMES[1])
    assert blocks(READMES[0], "python") == blocks(READMES[1], "python")
    links = [
        re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8")) for name in READMES
    ]
    assert sorted(set(links[0]) - {"README.zh-CN.md"}) == sorted(set(links[1]) - {"README.md"})


@pytest.mark.parametrize("readme", READMES)
def test_links_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
