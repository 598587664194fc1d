"""See every page now: fill each template with a sample and write it as a file.

    python -m throughcare.web.preview FOLDER

Needs the style sheets (`python -m throughcare.web.assets`). The samples live beside the tests; nothing of a real case.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from throughcare.web import jinja

STATIC = Path(__file__).parent / "static"


def write(folder: Path) -> list[Path]:
    """Write every page into a folder, with the static files beside it, and return the pages."""
    from throughcare.web.tests import samples

    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)
    engine = jinja.plain(static=lambda path: f"static/{path}")
    made = []
    for name, fill in samples.every().items():
        template, _, case = name.partition("#")
        path = folder / (template.removesuffix(".html") + (f"-{case}" if case else "") + ".html")
        path.write_text(engine.get_template(template).render(page=fill()), encoding="utf-8")
        made.append(path)
    return made


if __name__ == "__main__":
    for written in write(Path(sys.argv[1])):
        sys.stdout.write(f"{written}\n")
