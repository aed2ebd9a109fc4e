"""The locks: made from pyproject.toml, every file with its hash, no address of any registry; and what we vendor."""

from __future__ import annotations

import hashlib
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]
LOCKS = {
    "requirements.txt": RUNTIME,
    "requirements-dev.txt": [*RUNTIME, *(word for group in GROUPS.values() for word in group)],
}
VENDORED = ROOT / "static" / "vendor"


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_satisfies_pyproject(name: str) -> None:
    pinned = _pinned(name)
    wrong = [
        word
        for word in LOCKS[name]
        if not Requirement(word).specifier.contains(pinned.get(canonicalize_name(Requirement(word).name), "0"))
    ]
    assert not wrong, f"Run `python3 .dev/lock`: {name} does not satisfy {wrong}"


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"://|^\s*-(i|f|-index|-find|-extra)|@ file|/", text, re.MULTILINE), "A lock names no address."
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text.strip())), "Every entry needs hashes."


def test_both_locks_agree() -> None:
    development = _pinned("requirements-dev.txt")
    different = {name for name, version in _pinned("requirements.txt").items() if development.get(name) != version}
    assert not different, f"Run `python3 .dev/lock`: the locks name different versions of {sorted(different)}"


def test_vendored_files_are_what_the_manifest_says() -> None:
    manifest = (VENDORED / "MANIFEST").read_text()
    files = {
        str(path.relative_to(VENDORED)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name != "MANIFEST"
    }
    assert files, "No vendored file was found."
    changed = [name for name, digest in files.items() if name not in manifest or digest not in manifest]
    assert not changed, f"Not in static/vendor/MANIFEST with this SHA-256: {changed}"


def _pinned(name: str) -> dict[str, str]:
    lines = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in lines}
