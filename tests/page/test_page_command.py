"""``greenland page``: its options, the starters, and the page of the documentation."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.cli.page import page_command
from greenland.page.kinds import ALLOWED
from greenland.page.method import MOST_FILES, MOST_UPLOAD_MB, PASSWORD_CHARS
from greenland.page.shortcut import write_shortcuts

DOCS = (Path(__file__).parents[2] / "docs" / "page.md").read_text(encoding="utf-8")


def test_starters_open_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "园区 100%"
    folder.mkdir()
    done = CliRunner().invoke(cli, ["page", str(folder), "--shortcut"])
    assert done.exit_code == 0, done.output
    batch = (folder / "greenland.bat").read_bytes()
    lines = batch.decode("utf-8").split("\r\n")
    assert b"\n" not in batch.replace(b"\r\n", b"")
    assert lines[1] == "chcp 65001 >nul"  # before anything that is not ASCII
    assert lines[2] == 'cd /d "%~dp0"'
    assert lines[3] == f'"{sys.executable}" -P -m greenland page . --lang zh'
    entry = (folder / "greenland.desktop").read_text(encoding="utf-8")
    command = re.findall("^Exec=(.*)$", entry, re.M)[0]
    assert shlex.split(command.replace("%%", "%")) == [
        *(sys.executable, "-P", "-m", "greenland", "page", str(folder), "--lang", "zh"),
    ]
    assert (folder / "greenland.desktop").stat().st_mode & 0o100
    assert "Terminal=true" in entry


def test_starters_are_not_written_for_paths_they_cannot_carry(tmp_path: Path) -> None:
    folder = tmp_path / 'a"b'
    folder.mkdir()
    with pytest.raises(ValueError, match="双引号"):
        write_shortcuts(folder, language="zh")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "必须有密码"),
        (["--url", "https://park.example.org"], "必须有密码"),
        (["--host", "no such host", "--password-file", "SECRET"], "无法在"),
    ],
)
def test_what_cannot_be_served(tmp_path: Path, options: list[str], words: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a long enough password", encoding="utf-8")
    given = [str(secret) if one == "SECRET" else one for one in options]
    done = CliRunner().invoke(cli, ["page", str(tmp_path), "--no-browser", *given])
    assert done.exit_code == 1
    assert words in done.output


def test_without_flask_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenland.cli.page.find_spec", lambda name: None)
    done = CliRunner().invoke(cli, ["page", str(tmp_path)])
    assert (done.exit_code, "greenland[page]" in done.output) == (1, True)


def test_the_documentation_names_every_option_and_limit() -> None:
    options = {option for param in page_command.params for option in param.opts}
    told = set(re.findall(r"^\| `(--[a-z-]+)` \|", DOCS, re.M))
    assert told == {option for option in options if option.startswith("--")}
    assert f"一次不超过 {MOST_UPLOAD_MB} MB、{MOST_FILES} 个文件" in DOCS
    assert f"至少 {PASSWORD_CHARS} 个字符" in DOCS
    for suffix in ALLOWED:
        assert f"`{suffix}`" in DOCS


def test_commands_of_the_documentation_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "我的园区").mkdir()
    (tmp_path / "密码.txt").write_text("一二三四五六七八九十十一十二\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    served: list[dict[str, object]] = []
    monkeypatch.setattr("greenland.page.server.serve", lambda *args, **more: served.append(more))
    commands = re.findall(r"^greenland (page .*?)(?: +#.*)?$", DOCS, re.M)
    for command in commands:
        done = CliRunner().invoke(cli, shlex.split(command))
        assert done.exit_code == 0, (command, done.output)
    assert len(commands) == 4
    assert len(served) == 3  # one writes starters
