"""T8, T9 and T10: the seal against changed bytes, tampering and wrong proofs. The trials are `ledger.trust`'s."""

from __future__ import annotations

import os
from functools import partial

from throughcare.ledger import trust
from throughcare.ledger.trust import Trial
from throughcare.project.trials import forking
from throughcare.project.trials.outcome import Outcome, Wrongs

LANES = max(1, min(4, os.cpu_count() or 1))


def bytes_changed(seed: int, *, step: int, runs: int) -> Outcome:
    """T8: every byte of every stored field; and ledgers that nobody touched."""
    wrongs = Wrongs()
    flips = _sum(wrongs, [partial(trust.any_byte, seed, step=step, lane=n, lanes=LANES) for n in range(LANES)])
    share = -(-runs // LANES)
    clean = _sum(
        wrongs,
        [partial(trust.no_false_alarm, seed + n * share, runs=min(share, runs - n * share)) for n in range(LANES)],
    )
    return wrongs.outcome(
        f"{flips[0]:,} changes of one bit in 100 entries and their checkpoints, {flips[1]:,} found with the first "
        f"wrong entry named; {clean[0]:,} ledgers that nobody touched, {clean[0] - clean[1]} false alarms"
    )


def tampered(seed: int, *, rounds: int, entries: int) -> Outcome:
    """T9: swap, drop, insert, cut, copy, rebuild."""
    wrongs = Wrongs()
    trials = forking.alone(partial(trust.tampering, seed, rounds=rounds, entries=entries))
    for one in trials:
        _note(wrongs, one)
    found = ", ".join(f"{one.name} {one.right} of {one.tried}" for one in trials)
    return wrongs.outcome(
        f"{found}, each found and its place named or bounded, in a ledger of {entries:,} entries",
        less=f"ledgers of {entries:,} entries instead of 1,000,000 (that is the nightly size)",
    )


def proofs(seed: int, *, pairs: int, count: int, most: int) -> Outcome:
    """T10: right proofs are accepted, wrong ones refused, and none is long."""
    wrongs = Wrongs()
    broken = min(pairs, 64)
    work = [partial(_pairs, seed, pairs, broken), partial(_random, seed, count, most)]
    good: list[Trial] = []
    for result in forking.together(work):
        if isinstance(result, Exception):
            wrongs.check(False, repr(result))
            continue
        good += result
    for one in good:
        _note(wrongs, one)
    said = "; ".join(f"{one.name}: {one.right:,} of {one.tried:,} right" for one in good)
    return wrongs.outcome(
        f"{said}; pairs of sizes up to {pairs}, random sizes up to {most:,}, none longer than its logarithm; each byte "
        f"of each proof of sizes up to {broken} changed, each hash cut, lengthened and left out",
        less=f"wrong proofs of sizes up to {broken} instead of 256, which takes more than sixteen times as long",
    )


def _random(seed: int, count: int, most: int) -> list[Trial]:
    return [trust.random_proofs(seed, count=count, most=most)]


def _pairs(seed: int, pairs: int, broken: int) -> list[Trial]:
    return [trust.proofs_of_pairs(seed, most=pairs), trust.broken_proofs(seed, most=broken)]


def _sum(wrongs: Wrongs, work: list[partial[Trial]]) -> tuple[int, int]:
    tried = right = 0
    for one in forking.together(work):
        if isinstance(one, Exception):
            wrongs.check(False, repr(one))
            continue
        _note(wrongs, one)
        tried, right = tried + one.tried, right + one.right
    return tried, right


def _note(wrongs: Wrongs, trial: Trial) -> None:
    for missed in trial.missed:
        wrongs.check(False, f"{trial.name}: {missed}")
    if not trial.ok and not trial.missed:
        wrongs.check(False, f"{trial.name}: {trial.tried - trial.right} of {trial.tried} came out wrong")
