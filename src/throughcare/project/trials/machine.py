"""What the trials ran on: a figure means little without it."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]


def described(server_version: str) -> str:
    """The machine in one line: processors, memory, system, Python, PostgreSQL."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release()}"
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GB of memory, {system}, Python {platform.python_version()}, "
        f"PostgreSQL {server_version}"
    )


def load() -> str:
    """How busy the machine was with other work as well: the load of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def flushes(folder: Path, *, seconds: float = 1.0) -> str:
    """How often a second 8 kB are written and flushed to the disk here; the median of five parts, and its range."""
    path = folder / "flush"
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    flush = getattr(os, "fdatasync", os.fsync)
    rates = []
    try:
        for _ in range(5):
            began, count = time.perf_counter(), 0
            while time.perf_counter() - began < seconds / 5:
                os.pwrite(file, bytes(8192), 0)
                flush(file)
                count += 1
            rates.append(count / (time.perf_counter() - began))
    finally:
        os.close(file)
        path.unlink()
    return f"{statistics.median(rates):,.0f} a second ({min(rates):,.0f} to {max(rates):,.0f})"


def commit() -> str:
    """The commit that was tried; says so where files differ from it."""
    git = shutil.which("git")
    if git is None or not (CHECKOUT / ".git").exists():
        return "unknown (no git here)"
    head = _git(git, "rev-parse", "--short=12", "HEAD")
    changed = _git(git, "status", "--porcelain", "--untracked-files=no", "--", "src", "bin")
    return f"{head}, with changes in {len(changed.splitlines())} files" if changed else head


def _git(git: str, *words: str) -> str:
    done = subprocess.run([git, *words], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=20)
    return done.stdout.strip()
