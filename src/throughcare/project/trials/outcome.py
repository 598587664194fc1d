"""What a trial came to: the words, the figures, and whether it held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One trial's result, as the evidence page shows it."""

    held: bool
    figures: str  # in one sentence, with the numbers
    wrong: Sequence[str] = field(default_factory=tuple)  # up to a few of the things that did not hold
    less: str = ""  # where it was done in a smaller size than the plan's: how much smaller and why


@dataclass(slots=True)
class Wrongs:
    """Gathers what did not hold; keeps the first words of each sort and counts the rest."""

    most: int = 12
    said: list[str] = field(default_factory=list)
    count: int = 0

    def check(self, holds: bool, says: str) -> bool:
        """Note it unless it holds. Returns `holds`."""
        if not holds:
            self.count += 1
            if len(self.said) < self.most:
                self.said.append(says)
        return holds

    def outcome(self, figures: str, *, less: str = "") -> Outcome:
        """The trial's outcome: it held if nothing was noted."""
        more = [f"and {self.count - len(self.said)} more"] if self.count > len(self.said) else []
        if self.count:
            figures = f"{self.count} things did not hold, see below; what was tried: {figures}"
        return Outcome(held=not self.count, figures=figures, wrong=[*self.said, *more], less=less)


Sizes = Mapping[str, Mapping[str, int]]
"""For each trial, its figures: kills, rounds, requests and so on."""
