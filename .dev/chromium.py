"""A Chromium for the browser tests: one that is here, else Debian's, else the one inside an npm package."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import house

NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
NPM_SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
UNPACKED = house.VENV / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "The browser tests need Chromium: install it (Debian: apt-get install chromium) or set PORTAL_CHROMIUM."

ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find() -> str:
    """The path of a Chromium that starts; installs one when there is none. Raises SetUpFailed."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        return chosen
    return _present() or _from_debian() or _from_npm()


def _present() -> str | None:
    candidates = [_playwrights_own(), *(shutil.which(name) for name in NAMES), str(UNPACKED / "chromium")]
    return next((path for path in candidates if path and _starts(path)), None)


def _playwrights_own() -> str | None:
    answer = subprocess.run(
        [str(house.BIN / "python"), "-c", ASK_PLAYWRIGHT],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or None


def _starts(path: str) -> bool:
    """A name on the PATH may be an empty shell that only tells how to install the real one."""
    try:
        answer = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _from_debian() -> str | None:
    try:
        tried = house.apt_install("chromium", "fonts-liberation", why="apt-get could not install chromium.")
    except house.SetUpFailed as problem:
        house.tell(f"{problem} Trying npm instead")
        return None
    path = shutil.which("chromium")
    return path if tried and path and _starts(path) else None


def _from_npm() -> str:
    npm = shutil.which("npm")
    if not npm:
        raise house.SetUpFailed(ADVICE)
    house.tell(f"Fetching {NPM_PACKAGE} with npm")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir()
    house.run(npm, "pack", NPM_PACKAGE, "--silent", "--pack-destination", UNPACKED, why=ADVICE)
    _unpack(next(UNPACKED.glob("*.tgz")))
    wrapper = _write_wrapper()
    if not _starts(wrapper):
        raise house.SetUpFailed(f"The Chromium of {NPM_PACKAGE} does not start here. {ADVICE}")
    return wrapper


def _unpack(package: Path) -> None:
    if hashlib.sha256(package.read_bytes()).hexdigest() != NPM_SHA256:
        raise house.SetUpFailed(f"{NPM_PACKAGE} is not the package we know (its SHA-256 differs).")
    with tarfile.open(package) as archive:
        archive.extractall(UNPACKED, filter="data")
    package.unlink()
    packed = UNPACKED / "package" / "bin"
    _decompress(packed / "chromium.br", UNPACKED / "chrome")
    (UNPACKED / "chrome").chmod(0o755)
    for name in ("al2023", "fonts", "swiftshader"):
        _decompress(packed / f"{name}.tar.br", packed / f"{name}.tar")
        with tarfile.open(packed / f"{name}.tar") as archive:
            archive.extractall(UNPACKED, filter="data")
    shutil.rmtree(UNPACKED / "package")


def _decompress(source: Path, target: Path) -> None:
    program = "import brotli, pathlib, sys; source, target = map(pathlib.Path, sys.argv[1:]); "
    program += "target.write_bytes(brotli.decompress(source.read_bytes()))"
    house.run(house.BIN / "python", "-c", program, source, target, why=f"{source.name} could not be unpacked.")


def _write_wrapper() -> str:
    """Only the browser may see the libraries and fonts of the package, not the tests that start it."""
    (UNPACKED / "fonts.conf").write_text(
        f"<fontconfig><dir>{UNPACKED / 'fonts'}</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{UNPACKED / 'fonts-cache'}</cachedir></fontconfig>\n"
    )
    wrapper = UNPACKED / "chromium"
    wrapper.write_text(
        f'#!/bin/sh\nexport LD_LIBRARY_PATH="{UNPACKED / "lib"}" FONTCONFIG_FILE="{UNPACKED / "fonts.conf"}"\n'
        f'exec "{UNPACKED / "chrome"}" "$@"\n'
    )
    wrapper.chmod(0o755)
    return str(wrapper)
