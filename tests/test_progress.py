"""The line on standard error: which part, of how many; nothing where there is no terminal."""

from __future__ import annotations

import pytest

from greenland.cli.progress import Steps


def test_quiet_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps(1) as steps, steps("energy"):
        pass
    assert capsys.readouterr() == ("", "")


def test_parts_are_counted_as_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a terminal, for rich
    monkeypatch.setenv("TERM", "xterm")
    steps = Steps(2)
    shown = steps.progress.tasks[0]
    with steps:
        with steps("land.per_mu"):
            assert (shown.description, shown.completed, shown.total) == ("亩均效益", 0, 2)
        with steps.doing("二"), pytest.raises(ZeroDivisionError):
            1 / 0  # noqa: B018
        with steps.doing("三"):  # one more than was known
            assert (shown.completed, shown.total) == (2, 3)
    assert shown.completed == 3


def test_parks_under_way_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Steps(0).say("— 甲：读不了")  # said where there is no terminal, too
    assert capsys.readouterr() == ("", "— 甲：读不了\n")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    steps = Steps(0)
    with steps:
        steps.parks(3, 63, ["[b]", "005", "006", "007", "008"])
        steps.say("— [乙]：读不了")
    shown = steps.progress.tasks[0]
    assert (shown.completed, shown.total) == (3, 63)
    assert shown.description == "评价园区  \\[b]  005  006  007"
    told = capsys.readouterr().err
    assert "3/63" in told
    assert "— [乙]：读不了" in told
