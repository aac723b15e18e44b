"""The locked versions are whole, carry hashes, hold on every platform and name no index."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"requirements.txt": "all", "requirements-dev.txt": "dev"}  # file → extra it is made for
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PLATFORMS = {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}
PYTHONS = ("3.11", "3.12", "3.13")


@cache
def entries(lock: str) -> dict[Requirement, tuple[str, ...]]:
    """What a lock holds: requirement → its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {Requirement(line.partition("--hash")[0]): tuple(HASH.findall(line)) for line in lines}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked(extra: str) -> Iterator[Requirement]:
    """What pyproject.toml asks for: build tools, dependencies and the extra with those in it."""
    table = project()["project"]
    texts = project()["build-system"]["requires"] + table["dependencies"]
    extras = [extra]
    for name in extras:
        for text in table["optional-dependencies"][name]:
            if text.startswith("greenland["):
                extras += sorted(Requirement(text).extras)
            else:
                texts.append(text)
    yield from map(Requirement, texts)


def environment(platform: str, python: str) -> dict[str, str]:
    return {
        "sys_platform": platform,
        "platform_system": PLATFORMS[platform],
        "python_version": python,
        "python_full_version": python + ".0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_is_exact_and_has_hashes(lock: str) -> None:
    assert len(entries(lock)) > 40
    for requirement, hashes in entries(lock).items():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None, requirement
        assert hashes, requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_host_or_path_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "/" not in text
    options = re.findall(r"(?:^|\s)(-{1,2}[a-z-]+)", text)
    assert set(options) == {"--hash"}
    for comment in re.findall("#.*", text):
        assert not re.search(r"\w\.\w", comment), comment


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_all_that_is_asked_for_is_there_once(
    lock: str, extra: str, platform: str, python: str
) -> None:
    here = environment(platform, python)
    locked: dict[str, list[str]] = {}
    for requirement in entries(lock):
        if requirement.marker is None or requirement.marker.evaluate(here):
            version = str(requirement.specifier).removeprefix("==")
            locked.setdefault(canonicalize_name(requirement.name), []).append(version)
    assert [name for name, versions in locked.items() if len(versions) > 1] == []
    for requirement in asked(extra):
        if requirement.marker is None or requirement.marker.evaluate(here):
            versions = locked.get(canonicalize_name(requirement.name), [])
            assert len(versions) == 1, f"{requirement}: run make lock"
            assert requirement.specifier.contains(versions[0]), f"{requirement}: run make lock"


def test_users_and_developers_have_the_same_versions() -> None:
    users, developers = (
        {(entry.name, str(entry.specifier)): hashes for entry, hashes in entries(lock).items()}
        for lock in LOCKS
    )
    assert users.items() <= developers.items()
