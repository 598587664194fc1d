"""`bin/trust`: try hard what is promised, on a scratch installation, and write down what came of it.

    bin/trust                    all of it, in the size of a merge
    bin/trust T1 T8              only these
    bin/trust --quick            small sizes, at most ten minutes
    bin/trust --seed 7           other moments, other data; the same again by the same seed

Progress goes to standard error; a table is printed; a run of everything writes docs/evidence/trust.md, and a run of
some puts their rows there in the place of the old ones. Ends with 1 if anything did not hold. Every server is
started for the run, listens on this machine only, and is stopped at its end.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from throughcare.project.trials import forking, machine
from throughcare.project.trials.outcome import Outcome
from throughcare.project.trials.scratch import Scratch

EVIDENCE = Path("docs/evidence/trust.md")
LONGEST = 3 * 3600
"""Seconds after which a run is broken off, whatever it does."""

SIZES: dict[str, dict[str, tuple[int, int, int]]] = {
    "T1": {"kills": (50, 20, 3)},
    "T2": {"kills": (5, 2, 1)},
    "T3": {"rounds": (20, 2, 1), "every": (1, 3, 23)},
    "T8": {"step": (1, 20, 400), "runs": (10_000, 500, 50)},
    "T9": {"rounds": (200, 20, 2), "entries": (1_000, 300, 100)},
    "T10": {"pairs": (256, 128, 24), "count": (10_000, 1_000, 50), "most": (1_000_000, 50_000, 1_000)},
    "T11": {"histories": (500, 100, 10)},
    "T12": {"shuffles": (1_000, 100, 10)},
    "T13": {"requests": (10_000, 1_000, 100)},
    "T14": {"each": (200, 30, 5)},
    "T16": {"percent": (100, 8, 1)},
    "T20": {"percent": (100, 8, 1)},
    "T25": {"operations": (10_000, 1_500, 224), "whole": (2_048, 256, 128), "decisions": (40, 8, 2)},
}
"""For each trial its figures: in full, with --quick, and inside bin/test."""

NOT_RUN = {
    "T4": "file-call faults on sealer and exporter: needs strace with fault injection; not written yet",
    "T5": "unflushed writes lost: needs a file system in user space (LazyFS); T2 kills processes, not the power",
    "T6": "mail workers killed, 10,000 mails: T3 ends the worker at every point of a delivery instead; no volume yet",
    "T7": "size: `bin/bench` gives figures; 1,000,000 entries are not loaded here",
    "T15": "parsers under a fuzzer: hypothesis tests in each room's tests; no coverage-guided fuzzing yet",
    "T17": "field leaks by markers in every field: not written yet; T16 covers doors, not fields",
    "T18": "injection lists in every text field: not written yet; T13 holds some",
    "T19": "two agencies, same names: in the tests of access and web; no trial of its own yet",
    "T21, T22": "restore drills: not written yet",
    "T23": "upgrades: there is no earlier release",
    "T24": "clocks: the clock is an argument everywhere; tests of duties and sealing, no trial of its own yet",
    "T26": "eight hours of load: not run",
    "T27": "disk full, mail refused: tests of alerts; no trial of its own yet",
    "T28, T29": "headers, axe-core on every page: in bin/test",
    "T30": "mutation: not written yet",
}
"""Trials of the plan that this does not do, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One row of the table."""

    name: str
    what: str
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class Trials:
    """What there is to run, and in which size."""

    scratch: Scratch
    seed: int
    size: int  # 0 in full, 1 quick, 2 inside bin/test
    rounds: int | None = None  # how often each crash point is tried; None: as the size says

    def figure(self, name: str, what: str) -> int:
        """One of `SIZES`."""
        return SIZES[name][what][self.size]

    def figures(self, name: str) -> dict[str, int]:
        """All of one trial."""
        return {what: sizes[self.size] for what, sizes in SIZES[name].items()}

    def crash_figures(self) -> dict[str, int]:
        """Those of T3, with the rounds that were asked for."""
        return self.figures("T3") | ({"rounds": self.rounds} if self.rounds else {})

    def runs(self) -> dict[tuple[str, ...], tuple[str, Callable[[], Sequence[Outcome]]]]:
        """What to do, by the names of the trials that it answers: the words, and the work."""
        from throughcare.project.trials import crashes, doors, histories, inputs, kills, races, sealed

        seed, stage = self.seed, self.scratch
        return {
            ("T8",): ("any byte changed; no false alarm", lambda: [sealed.bytes_changed(seed, **self.figures("T8"))]),
            ("T9",): ("tampering", lambda: [sealed.tampered(seed, **self.figures("T9"))]),
            ("T10",): ("proofs", lambda: [sealed.proofs(seed, **self.figures("T10"))]),
            ("T1",): ("kill -9 of writers", lambda: [kills.writers(stage, seed, **self.figures("T1"))]),
            ("T2",): ("kill -9 of the database", lambda: [kills.server(stage, seed, **self.figures("T2"))]),
            ("T3",): ("crash points", lambda: [crashes.crash_points(stage, seed, **self.crash_figures())]),
            ("T11",): (
                "two times, against a slow model",
                lambda: [histories.two_times(stage, seed, **self.figures("T11"))],
            ),
            ("T12",): ("order of arrival", lambda: [histories.orders(stage, seed, **self.figures("T12"))]),
            ("T13",): ("malformed requests", lambda: [inputs.malformed(stage, seed, **self.figures("T13"))]),
            ("T14",): ("the described API", lambda: [inputs.described(stage, seed, **self.figures("T14"))]),
            ("T16", "T20"): (
                "every door against the table | a line for every look",
                lambda: doors.table(stage, seed, **self.figures("T16")),
            ),
            ("T25",): ("races", lambda: [races.races(stage, seed, **self.figures("T25"))]),
        }


def main(argv: Sequence[str] | None = None) -> int:
    """Run trials; return 0 if everything held."""
    given = _arguments(sys.argv[1:] if argv is None else argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"Broken off after {LONGEST} seconds."))
    signal.alarm(LONGEST)
    scratch, done, broken = Scratch(), list[Done](), ""
    try:
        scratch.start()
        with scratch.owner("postgres") as connection:
            server = str(connection.info.parameter_status("server_version"))
        head = [
            f"machine: {machine.described(server)}",
            f"disk: 8 kB written and flushed {machine.flushes(scratch.home)}",
        ]
        head.append(f"load when it began: {machine.load()} (other work ran beside it where this is above 1)")
        try:
            for rows in _run(Trials(scratch, given.seed, given.size, given.rounds), given.names):
                done += rows
        except SystemExit as end:
            broken = str(end.code)
            head.append(f"broken off before its end ({broken}): what is not in the table was not run")
        head.append(f"load when it ended: {machine.load()}")
    finally:
        forking.stop_all()
        scratch.stop()
        signal.alarm(0)
    done.sort(key=lambda one: int(one.name[1:]))
    print("\n".join([*head, "", *_table(done)]))
    page = machine.CHECKOUT / EVIDENCE
    if not given.no_page and given.size < 2 and (page.exists() or not given.names):
        page.parent.mkdir(parents=True, exist_ok=True)
        text = _again(page.read_text(encoding="utf-8"), done, given) if given.names else _page(done, head, given)
        page.write_text(text, encoding="utf-8")
        print(f"\nWritten: {EVIDENCE}", file=sys.stderr)
    return 0 if not broken and all(one.outcome.held for one in done) else 1


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/trust", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", type=str.upper, help=f"some of {', '.join(SIZES)}")
    parser.add_argument("--seed", type=int, default=1)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="size", action="store_const", const=1, default=0, help="at most ten minutes")
    size.add_argument("--smallest", dest="size", action="store_const", const=2, help="the size inside bin/test")
    parser.add_argument(
        "--rounds", type=int, help="how often each crash point is tried (T3): the plan's 20 take about 40 minutes"
    )
    parser.add_argument("--no-page", action="store_true", help="do not write the page of evidence")
    given = parser.parse_args(argv)
    if unknown := [name for name in given.names if name not in SIZES]:
        parser.error(f"{', '.join(unknown)}: not a trial of this. Choose from {', '.join(SIZES)}")
    return given


def _run(trials: Trials, names: Sequence[str]) -> Iterator[list[Done]]:
    """Do one after the other; give the rows of each."""
    for answered, (words, work) in trials.runs().items():
        if names and not set(answered) & set(names):
            continue
        print(f"{' and '.join(answered)}: {words} ...", end=" ", file=sys.stderr, flush=True)
        began = time.monotonic()
        outcomes = _outcomes(work, len(answered))
        seconds = time.monotonic() - began
        trials.scratch.clear()
        print(f"{'held' if all(one.held for one in outcomes) else 'DID NOT HOLD'} ({seconds:.0f} s)", file=sys.stderr)
        rows = zip(answered, words.split(" | "), outcomes, strict=True)
        yield [Done(name=name, what=what, outcome=outcome, seconds=seconds) for name, what, outcome in rows]


def _outcomes(work: Callable[[], Sequence[Outcome]], many: int) -> Sequence[Outcome]:
    """What the work says; where it breaks, that it did not hold, and why."""
    try:
        return work()
    except Exception as error:
        said = [f"{type(error).__name__}: {str(error)[:500]}", *getattr(error, "__notes__", [])]
        return [Outcome(held=False, figures="broke off", wrong=said)] * many


# --- what is shown ---------------------------------------------------------------------------------------------------


def _table(done: Sequence[Done]) -> list[str]:
    lines = []
    for one in done:
        result = "held" if one.outcome.held else "DID NOT HOLD"
        lines.append(f"{one.name:4} {one.what:34} {result:13} {one.seconds:6.0f} s")
        lines += textwrap.wrap(one.outcome.figures, 110, initial_indent="     ", subsequent_indent="     ")
        lines += [f"     ! {wrong}" for wrong in one.outcome.wrong]
    return lines


def _page(done: Sequence[Done], head: Sequence[str], given: argparse.Namespace) -> str:
    """The page of evidence, made by the run and by nobody's hand."""
    size = "in the size of a merge" if given.size == 0 else "with --quick: small sizes"
    lines = [
        "# Trust: what was tried, and what came of it",
        "",
        f"Made by `bin/trust{' --quick' if given.size else ''} --seed {given.seed}"
        f"{f' --rounds {given.rounds}' if given.rounds else ''}` {size}; not written by hand.",
        "",
        f"- date: {datetime.now(UTC):%d %B %Y, %H:%M} UTC",
        f"- commit: {machine.commit()}",
        *(f"- {line}" for line in head),
        "",
        "| trial | what | figures | seed | result | seconds |",
        "| --- | --- | --- | --- | --- | ---: |",
        *(_row(one, given.seed) for one in done),
        "",
    ]
    for one in done:
        if one.outcome.wrong:
            lines += [f"## What did not hold: {one.name}", "", *(f"- `{wrong}`" for wrong in one.outcome.wrong), ""]
    lines += [
        "## How to read it",
        "",
        "Every trial runs on a scratch installation: a durable PostgreSQL on a Unix socket (`fsync`, "
        "`synchronous_commit` and `full_page_writes` on), a mail catcher and a worker on this machine, nothing of them "
        "shared with another. Killing a process is not losing power: what a disk promises and does not keep is not "
        "tried here. Figures hold for this run and this machine; the seed repeats data and choices, not the moments "
        "at which a kill falls. Trials are numbered as in the plan. "
        + ("Sizes are smaller than the plan's." if given.size else "Sizes are the plan's unless a row says less."),
        "",
        "## Not run",
        "",
        *(f"- {name}: {why}." for name, why in NOT_RUN.items()),
        "",
    ]
    return "\n".join(lines)


def _again(page: str, done: Sequence[Done], given: argparse.Namespace) -> str:
    """The page with new rows of trials run again in the place of the old; each says when, and if it failed before."""
    size = "with --quick " if given.size else ""
    when = f" Run again {size}{datetime.now(UTC):%d %B %Y, %H:%M} UTC at commit {machine.commit()}"
    for one in done:
        failed = re.search(rf"^\| {one.name} \|.*did not hold", page, flags=re.MULTILINE)
        before = "; an earlier try did not hold" if failed else ""
        again = replace(one, outcome=replace(one.outcome, figures=f"{one.outcome.figures.rstrip('.')}.{when}{before}"))
        row = _row(again, given.seed).replace("\\", r"\\")
        page = re.sub(rf"^\| {one.name} \|.*$", row, page, flags=re.MULTILINE)
        page = re.sub(rf"^## What did not hold: {one.name}\n\n(- .*\n)*\n", "", page, flags=re.MULTILINE)
        if one.outcome.wrong:
            wrong = "\n".join(f"- `{said}`" for said in one.outcome.wrong)
            page = page.replace(
                "## How to read it", f"## What did not hold: {one.name}\n\n{wrong}\n\n## How to read it"
            )
    return page


def _row(one: Done, seed: int) -> str:
    figures = one.outcome.figures.replace("|", "/")
    less = f" Less than the plan: {one.outcome.less}." if one.outcome.less else ""
    result = "held" if one.outcome.held else "**did not hold**"
    return f"| {one.name} | {one.what} | {figures}.{less} | {seed} | {result} | {one.seconds:.0f} |"


if __name__ == "__main__":
    os.chdir(machine.CHECKOUT)
    sys.exit(main())
