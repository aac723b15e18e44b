"""The code in the page on curves runs, and the commands it shows exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenland.cli.profile import profile

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "energy-profiles.md").read_text(encoding="utf-8")


def test_python_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    space: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL):
        exec(compile(block, "energy-profiles.md", "exec"), space)
    assert "1350.0 True" in capsys.readouterr().out


def test_commands_and_options_exist() -> None:
    lines = [
        line
        for block in re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
        for line in block.splitlines()
    ]
    assert lines
    for line in lines:
        name = line.removeprefix("greenland energy profile ").split()[0]
        known = {option for item in profile.commands[name].params for option in item.opts}
        assert set(re.findall(r"(?<=\s)--[a-z-]+", line)) <= known, line


def test_every_command_is_on_the_page() -> None:
    missing = [name for name in profile.commands if not re.search(rf"profile {name}\b", TEXT)]
    assert missing == []
