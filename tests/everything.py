"""Run every check, one after the other, and sum up. Nothing is skipped: what cannot run is a failure with a reason.

Pytest is the last part, so that its closing line is the last line but for none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "src")]

PROGRAMS = Path(sys.executable).parent

CHECKS = {
    "lint": [PROGRAMS / "ruff", "check"],
    "format": [PROGRAMS / "ruff", "format", "--check"],
    "types": [PROGRAMS / "mypy"],
    "import rules": [PROGRAMS / "lint-imports"],
    "front end": [sys.executable, "-m", "throughcare.project.frontend"],
}


def main(arguments: list[str]) -> int:
    """Run all parts, or only pytest when it is given arguments. Returns 0 if all held."""
    with tempfile.TemporaryDirectory(prefix="throughcare-test-", ignore_cleanup_errors=True) as home:
        os.environ |= {"THROUGHCARE_HOME": home, "PYTHONPATH": str(CHECKOUT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        for unwanted in ("PORT", "THROUGHCARE_DB_ROLE", "THROUGHCARE_DEMO", "THROUGHCARE_SMTP", "THROUGHCARE_URL"):
            os.environ.pop(unwanted, None)
        os.environ.setdefault("PYTHONUNBUFFERED", "1")
        if arguments:
            browser_is_there(quietly=True)
            return pytest(arguments)
        return everything()


def everything() -> int:
    """Run every part, print how each went, and end with pytest."""
    results = [part(name, [str(word) for word in command]) for name, command in CHECKS.items()]
    began = time.monotonic()
    reason = browser_is_there()
    results.append(("browser", not reason, time.monotonic() - began))
    print("\n=== parts before the tests", flush=True)
    for name, held, seconds in results:
        print(f"{'ok    ' if held else 'FAILED'}  {name:14} {seconds:6.1f} s", flush=True)
    if reason:
        print(reason, file=sys.stderr)
        return 1
    tests = pytest(["-n", os.environ.get("THROUGHCARE_TEST_WORKERS", "2"), "--dist", "loadscope"])
    failed = [name for name, held, _ in results if not held]
    if failed:
        print(f"Did not hold: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed or tests else 0


def part(name: str, command: list[str]) -> tuple[str, bool, float]:
    """Run one part; return its name, whether it held, and its seconds."""
    print(f"\n=== {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=CHECKOUT, check=False)
    return name, done.returncode == 0, time.monotonic() - began


def pytest(arguments: list[str]) -> int:
    """Run pytest with its own closing line."""
    print("\n=== tests", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=CHECKOUT, check=False).returncode


def browser_is_there(*, quietly: bool = False) -> str:
    """Make sure that there is a Chromium; return why not, or nothing.

    One that is there is used; else Playwright's own is fetched; else, as root on Debian, the system's is installed.
    """
    from conftest import find_chromium

    if (found := find_chromium()) or (found := _playwrights_own()):
        if not quietly:
            print(f"\n=== browser\n{found}", flush=True)
        return ""
    if quietly:
        return ""  # these tests may need none; one that does will say so
    print("\n=== browser\nNo Chromium here: fetching one.", flush=True)
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(fetch, check=False, timeout=600).returncode == 0 and _playwrights_own():
        return ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Playwright's own could not be fetched: installing the system's.", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], check=False, env=quiet, stdout=subprocess.DEVNULL)  # noqa: S607
        if find_chromium():
            return ""
    return (
        "No Chromium was found and none could be installed. "
        "Install Chromium or Chrome, or name one: CHROMIUM=/path/to/chromium bin/test"
    )


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        place = playwright.chromium.executable_path
    return place if Path(place).exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
