"""`throughcare law`: every rule in force on a day, with its figure, source and mark; and what changed since another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from throughcare.duties import law, queries
from throughcare.ledger.entry import london_day
from throughcare.web import law_words
from throughcare.web.law_page import book


class Command(BaseCommand):
    """The same as the page /law, for a terminal."""

    help = "Every rule in force on a day, with its figure, source and mark; and what changed since another day"

    def add_arguments(self, parser: CommandParser) -> None:
        """The two days."""
        parser.add_argument("--on", type=_day, metavar="DAY", help="YYYY-MM-DD; left out: today")
        parser.add_argument("--since", type=_day, metavar="DAY", help="only what differs from this day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each rule, or for each that differs."""
        on = options["on"] or london_day(timezone.now())
        parameters, confirmed = queries.parameters(), queries.confirmed_texts()
        there = law.provisions(book(), on, parameters)
        if options["since"] is None:
            for one in there:
                self.stdout.write(f"{_line(one)}{_approver(one, confirmed)}")
            return
        for change in law.changed(law.provisions(book(), options["since"], parameters), there):
            self.stdout.write(f"- {_line(change.before)}" if change.before else "- nothing")
            self.stdout.write(f"+ {_line(change.after)}" if change.after else "+ nothing")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day. Give it as YYYY-MM-DD, such as 2026-03-31.") from error


def _line(one: law.Provision) -> str:
    figure = "; ".join(law_words.figures(one.row.figures)) or "no figure"
    own = "; ".join(law_words.own_figures(one))
    parts = [one.rule, one.nature if one.commenced else f"{one.nature}, not in force", one.what, figure]
    parts += [f"here: {own}"] if own else []
    return "  ".join([*(part for part in parts if part), f"[{one.row.mark}] {one.row.source}"])


def _approver(one: law.Provision, confirmed: dict[str, queries.Confirmed]) -> str:
    if not one.needs_confirming:
        return ""
    by = confirmed.get(one.text)
    return f"  confirmed by {by.name}, {london_day(by.at)}" if by else "  not confirmed"
