"""Take what we use of the front-end packages into `static/vendor/`, which git ignores.

    npm ci --prefix frontend && python -m throughcare.web.assets [NODE_MODULES]

Copies style sheets and scripts only. No font, no image, no crown: `@font-face`, the name of the Transport typeface and
every address of an image are taken out, so that a page never asks for one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE / "static" / "vendor"
FILES = {
    "govuk-frontend.min.css": "govuk-frontend/dist/govuk/govuk-frontend.min.css",
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "moj-frontend.min.css": "@ministryofjustice/frontend/moj/moj-frontend.min.css",
    "moj-frontend.min.js": "@ministryofjustice/frontend/moj/moj-frontend.min.js",
}
OPTIONAL = {"axe.min.js": "axe-core/axe.min.js"}  # for tests; absent in service


class AssetMissing(Exception):
    """A front-end package is not there. Run `npm ci` in the folder `frontend` first."""


def stripped(css: str) -> str:
    """Return a style sheet without fonts, the Transport typeface, images and source maps."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r'"?GDS Transport"?,\s*', "", css)
    css = re.sub(r"""url\(["']?[^)"']*/assets/[^)]*\)""", "none", css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)


def collect(modules: Path, into: Path) -> list[Path]:
    """Copy the files into a folder and return them. Raises `AssetMissing`."""
    into.mkdir(parents=True, exist_ok=True)
    made = []
    for name, source in {**FILES, **OPTIONAL}.items():
        path = modules / source
        if not path.exists():
            if name in OPTIONAL:
                continue
            raise AssetMissing(f"{source} is not in {modules}. Run: npm ci --prefix frontend")
        text = path.read_text(encoding="utf-8")
        text = stripped(text) if name.endswith(".css") else re.sub(r"//# sourceMappingURL=.*", "", text)
        (into / name).write_text(text, encoding="utf-8")
        made.append(into / name)
    return made


def main(arguments: list[str]) -> int:
    """Run from the command line. Returns 0, or 1 with a sentence on what is missing."""
    modules = Path(arguments[0]) if arguments else HERE.parents[2] / "frontend" / "node_modules"
    try:
        made = collect(modules, VENDOR)
    except AssetMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write(f"{len(made)} files in {VENDOR}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
