"""What is written for readers is true: links lead somewhere, commands exist, examples give what the page says."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from throughcare.ledger import kinds, life
from throughcare.project import cli, palette, pictures
from throughcare.project.replay import main as replay_main
from throughcare.project.replay import replay
from throughcare.project.rooms import PRACTICE, ROOMS

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *CHECKOUT.glob("*.md"), CHECKOUT / "verifier" / "README.md"])
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
PARTS = ("Context", "Choice", "What lost", "Cost", "What would change our mind")


def _name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def _ours() -> list[Path]:
    """Every file of the repository that is text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [CHECKOUT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file() and path.suffix not in {".png", ".bin", ".ico"}]


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```|^    .*$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


# --- links and pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", _without_code(page.read_text())):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{_name(page)} leads to {target}, which is not there"
        if anchor:
            assert anchor in _anchors(found), f"{_name(page)} leads to {target}: no such heading"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_index():
    index = (DOCS / "README.md").read_text() + (DOCS / "decisions" / "README.md").read_text()
    missing = [
        _name(page)
        for page in DOCS.rglob("*.md")
        if page.name != "README.md" and page.name not in index and "evidence" not in page.parts
    ]
    assert missing == []


def test_every_document_that_code_names_is_there():
    named = {
        name
        for path in _ours()
        if path.suffix in {".py", ".toml", ".sql"} and "tests" not in path.parts
        for name in re.findall(r"\bdocs/[\w\-/]+\.md", path.read_text())
    }
    made = {"docs/evidence/trust.md"}  # written by bin/trust
    assert {name for name in named - made if not (CHECKOUT / name).exists()} == set()


def test_pictures_are_there_in_both_widths_and_small():
    there = {path.name: path for path in pictures.FOLDER.glob("*.png")}
    assert set(there) == {f"{one.name}-{width}.png" for one in pictures.PICTURES for width in pictures.WIDTHS}
    assert max(path.stat().st_size for path in there.values()) < 400_000
    assert sum(path.stat().st_size for path in there.values()) < 6_000_000
    for name, path in there.items():
        assert palette.size(path.read_bytes())[0] <= int(name.removesuffix(".png").rpartition("-")[2])


# --- commands --------------------------------------------------------------------------------------------------------


def test_every_command_is_documented():
    commands = {*cli.PURE, *cli.OURS, *cli.UPKEEP, *_of_rooms()}
    page = (DOCS / "reference" / "commands.md").read_text()
    assert {one for one in commands if f"`throughcare {one}" not in page} == set()


def _of_rooms() -> set[str]:
    return {
        path.stem
        for path in (CHECKOUT / "src" / "throughcare").glob("*/management/commands/*.py")
        if path.stem != "__init__"
    }


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_that_a_page_shows_exists(page):
    known = {*cli.PURE, *cli.OURS, *cli.UPKEEP, *_of_rooms(), "help", "migrate", "COMMAND"}
    for words in _commands(page.read_text()):
        if words[0].startswith("bin/"):
            assert (CHECKOUT / words[0]).is_file(), f"{_name(page)}: {words[0]}"
        if words[0] in {"throughcare", "bin/throughcare"} and len(words) > 1:
            assert words[1] in known, f"{_name(page)}: {' '.join(words)}"


def _commands(text: str) -> Iterator[list[str]]:
    """Commands in code, indented or fenced or in backquotes."""
    for line in re.findall(r"^ {4}(\S.*)$|`((?:bin/|throughcare )[^`\n]+)`", text, flags=re.MULTILINE):
        said = (line[0] or line[1]).partition("  #")[0]
        if re.match(r"(bin/[a-z]+|throughcare)( |$)", said):
            yield re.split(r"\s+", said.strip())


def test_the_first_page_names_the_two_commands():
    assert {"bin/run", "bin/test"} <= {words[0] for words in _commands((CHECKOUT / "README.md").read_text())}


def test_each_file_of_bin_is_named_for_who_contributes():
    page = (CHECKOUT / "CONTRIBUTING.md").read_text()
    assert {one.name for one in (CHECKOUT / "bin").iterdir() if f"bin/{one.name}" not in page} == {"environment"}


# --- examples that run -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_replay_that_a_page_shows_answers(page, monkeypatch, capsys):
    monkeypatch.chdir(CHECKOUT)
    for words in _commands(page.read_text()):
        if words[:2] == ["bin/throughcare", "replay"] and "LIFE_DIR" not in words:
            assert replay_main(shlex.split(" ".join(words[2:]))) == 0
            assert json.loads(capsys.readouterr().out)["entries"] > 0


def test_the_example_of_the_life_format_says_what_its_page_says(tmp_path):
    page = (DOCS / "reference" / "life-format.md").read_text()
    rows = re.findall(r"^    ((?:ref,|i\d,).*)$", page, flags=re.MULTILINE)
    (tmp_path / "entries.csv").write_text("\n".join(rows) + "\n")
    columns = ",".join(life.PEOPLE_COLUMNS)
    (tmp_path / "people.csv").write_text(f"{columns}\nGP-C1,GP,Rowan Tarn,2023-11-02,,,,,yes,\n")
    agencies = {code: {"sector": sector, "name": code} for code, sector in (("GP", "health"), ("LA", "la"))}
    (tmp_path / "parameters.json").write_text(json.dumps({"agencies": agencies, "parameters": {}}))
    told = life.read(tmp_path, kinds.load(ROOMS))
    said = [(one["result"], one["raised"], one["evidence"]) for day in (8, 9) for one in _t01(told, date(2024, 5, day))]
    assert said == [("cannot_tell", "2024-05-07", ["i1"]), ("matched", "2024-05-09", ["i2"])]


def _t01(told: life.Life, on: date) -> list[dict[str, object]]:
    return [one for one in replay(told, on)["findings"] if one["rule"] == "T01"]


def test_the_columns_of_the_life_format_are_those_that_are_read():
    page = (DOCS / "reference" / "life-format.md").read_text()
    table = page.partition("## 1. ")[2].partition("## 2. ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == list(life.ENTRY_COLUMNS)
    assert f"`{', '.join(life.PEOPLE_COLUMNS)}`" in page


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_code_that_a_page_shows_can_be_read(page):
    for code in re.findall(r"^```python\n(.*?)^```", page.read_text(), flags=re.MULTILINE | re.DOTALL):
        part = code.startswith(" ")  # a part of a list: what stands in brackets
        ast.parse(f"(\n{code})" if part else code)


# --- decisions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", DECISIONS, ids=_name)
def test_a_decision_has_its_parts_in_order(page):
    text = page.read_text()
    assert re.match(rf"# {int(page.name[:4])}\. .+\n\nDate: \d+ \w+ \d{{4}}\. Status: \w+", text)
    assert re.findall(r"^\*\*([^*]+)\.\*\*", text, flags=re.MULTILINE) == list(PARTS)


def test_decisions_are_numbered_without_gaps():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_only_the_way_in_appends():
    """Decision 5. Trials on scratch data may go to the ledger's own door."""
    package = CHECKOUT / "src" / "throughcare"
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if not {"tests", "trials"} & set(path.parts) and _appends(ast.parse(path.read_text()))
    }
    assert found == {"alerts/actions.py"}


def _appends(tree: ast.Module) -> bool:
    """Is `append` of `ledger.actions` called here, by whatever name?"""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "throughcare.ledger":
            names |= {name.asname or name.name for name in node.names if name.name == "actions"}
        if isinstance(node, ast.ImportFrom) and node.module == "throughcare.ledger.actions":
            names |= {"" for name in node.names if name.name == "append"}
    return "" in names or any(
        isinstance(node, ast.Attribute) and node.attr == "append"
        and isinstance(node.value, ast.Name) and node.value.id in names
        for node in ast.walk(tree)
    )  # fmt: skip


# --- what no file may say --------------------------------------------------------------------------------------------

_OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|mnt|scratch)/\w{2}")
_OF_A_REGISTRY = re.compile(
    r"\b(?:files\.pythonhosted\.org|pypi\.org|artifactory|nexus\.|registry\.(?!npmjs\.org/))", re.I
)


def test_no_file_names_a_path_of_one_machine_or_a_private_registry():
    here = re.compile(rf"(?<![\w.]){re.escape(str(CHECKOUT))}/")
    for path in _ours():
        text = path.read_text(encoding="utf-8", errors="replace")
        if path == Path(__file__):
            continue
        assert not here.search(text), f"{_name(path)} names the folder of this checkout"
        assert not _OF_A_MACHINE.search(text), f"{_name(path)} names a path of one machine"
        assert not _OF_A_REGISTRY.search(text), f"{_name(path)} names a registry"


def test_each_practice_room_says_what_it_is_in_one_docstring():
    for room in PRACTICE:
        tree = ast.parse((CHECKOUT / "src" / "throughcare" / room / "__init__.py").read_text())
        assert ast.get_docstring(tree)
        assert len(tree.body) == 1
