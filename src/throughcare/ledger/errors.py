"""What the ledger refuses, one class a reason. No person's details in any message: references and digests only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import NamedTuple


class LedgerError(Exception):
    """The ledger did not do what was asked. Each reason is a class of its own, with a stable `code`."""

    code = "ledger_error"


class Fault(NamedTuple):
    """One thing that is wrong in an entry. The sentences never repeat what an agency wrote, save a short code."""

    field: str  # a path, such as `body.count` or `concerns.0.part`
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.field}: {self.wrong}. {self.right}."


class EntryRefused(LedgerError):
    """An entry was not kept. Says which field, what is wrong and what would be right; `faults` are all of them."""

    code = "entry_refused"

    def __init__(self, field: str, wrong: str, right: str, *, more: Iterable[Fault] = ()) -> None:
        self.field, self.wrong, self.right = field, wrong, right
        self.faults: tuple[Fault, ...] = (Fault(field, wrong, right), *more)
        super().__init__(" ".join(map(str, self.faults)))


class LedgerRefused(LedgerError):
    """The ledger did not take what it was given; nothing of it was kept."""

    code = "ledger_refused"


class ReferenceUsed(LedgerRefused):
    """The agency used this reference before, for something else. Carries both digests."""

    code = "reference_used"

    def __init__(self, *, agency: str, ref: str, kept: str | None, given: str) -> None:
        self.agency, self.ref, self.kept, self.given = agency, ref, kept, given
        was = f"its digest is {kept}" if kept else "its content has been lawfully erased"
        super().__init__(
            f"ref: {agency} has used the reference {ref} for other content ({was}; the digest given is {given}). "
            "Give a new reference; to correct the entry, give its reference in `corrects`."
        )


class VersionMoved(LedgerRefused):
    """Somebody else wrote about this person since the version that the writer had seen."""

    code = "version_moved"

    def __init__(self, *, person: uuid.UUID, expected: int, found: int) -> None:
        self.person, self.expected, self.found = person, expected, found
        super().__init__(
            f"expected_version: {expected} was expected and {found} is the newest. "
            "Read what was added since, and send again with the new version."
        )


class NothingToCorrect(LedgerRefused):
    """`corrects` names an entry that this agency does not have, or one that was corrected before."""

    code = "nothing_to_correct"

    def __init__(self, *, ref: str, corrects: str, newer: str | None) -> None:
        self.ref, self.corrects, self.newer = ref, corrects, newer
        wrong = f"was corrected before, by {newer}" if newer else "is not an entry of this agency"
        right = f"Correct {newer} instead" if newer else "Give the reference of an entry that this agency made"
        super().__init__(f"corrects: {corrects} {wrong}. {right}.")


class NoSuchEntry(LedgerRefused):
    """There is no entry of that id."""

    code = "no_such_entry"
