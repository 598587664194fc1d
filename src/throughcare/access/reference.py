"""The page docs/reference/access.md, made from the permission table.

`python -m throughcare.access.reference` prints it. A test holds the page equal to this, so that the page is true.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from throughcare.access.reach import Level, Matrix, Permission, Relation, RoleRules, matrix

_INTRODUCTION = """# Who may do what

This page is made from `src/throughcare/access/matrix.toml` by `python -m throughcare.access.reference`. The code reads
the same file, and the tests try every cell. What is not written here is not allowed.

A viewer has one agency and one or more roles, and stands in one or more relations to a person; everybody stands in the
relation "none". What several roles and relations give is added together. A block (an alleged perpetrator or a relative
on the staff) takes everything away.

How far one reads:

| level | what is read |
| --- | --- |
| pointer | that an agency is involved, and whom to ring; no content |
| own | what one's own agency wrote |
| shared | and what other agencies shared with one's agency |
| full | and what every other agency wrote |
"""


def page(table: Matrix) -> str:
    """The whole page."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_words("Relations", "relation", {str(name): text for name, text in table.relations.items()}),
            *_words("Permissions", "permission", {str(name): text for name, text in table.permissions.items()}),
            *_labels(table),
            *(line for name, role in table.roles.items() for line in _role(str(name), role)),
        ]
    )


def _words(title: str, word: str, meanings: Mapping[str, str]) -> list[str]:
    return [f"## {title}", "", *_table([word, "meaning"], [[f"`{name}`", text] for name, text in meanings.items()])]


def _labels(table: Matrix) -> list[str]:
    rows = [
        [f"`{name}`", text, "may be told" if name in table.said else "is hidden"] for name, text in table.labels.items()
    ]
    return ["## Labels of entries", "", *_table(["label", "meaning", "that there are some"], rows)]


def _role(name: str, role: RoleRules) -> list[str]:
    relations = [relation for relation in Relation if role.level(relation) > Level.NONE]
    lines = [f"## Role: {name}", "", f"{role.meaning}. For example: {', '.join(role.jobs)}.", ""]
    if role.desk:
        lines += [f"At the desk: {_listed(one for one in Permission if one in role.desk)}.", ""]
    if not relations:
        return [*lines, "Sees no person's record.", ""]
    rows = [
        [
            str(relation),
            role.level(relation).word,
            ", ".join(f"{label} ({role.level_of(label, relation).word})" for label in _read(role, relation)) or "-",
            ", ".join(f"`{one}`" for one in Permission if relation in role.does.get(one, ())) or "-",
        ]
        for relation in relations
    ]
    return [*lines, *_table(["relation", "reads", "labels, and how far", "may also"], rows)]


def _read(role: RoleRules, relation: Relation) -> list[str]:
    return [label for label in role.labels if role.level_of(label, relation) > Level.NONE]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


if __name__ == "__main__":
    sys.stdout.write(page(matrix()))
