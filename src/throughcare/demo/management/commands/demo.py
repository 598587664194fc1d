"""`throughcare demo load`: put the demonstration into the database.

`throughcare demo links`: sign in by one click as six of its staff. The page to sign in has all of them.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from throughcare.access import queries as access
from throughcare.access.pages import demo_link
from throughcare.demo import load, staff
from throughcare.ledger import kinds
from throughcare.ledger.errors import LedgerError


class Command(BaseCommand):
    """Load the demonstration, or print links by which one signs in as its staff."""

    help = "Load the invented lives and staff (load), or print links to sign in as them (links)"

    def add_arguments(self, parser: CommandParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=("load", "links"))

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do it. Refused where this is not the demonstration: nothing invented may lie among true records."""
        if not settings.DEMO:
            raise CommandError("This is not the demonstration. Set THROUGHCARE_DEMO=1, on a database of its own.")
        if what == "load":
            self._load()
        else:
            self._links()

    def _load(self) -> None:
        try:
            load.load(kinds.load(settings.ROOMS), at=timezone.now(), say=lambda line: self.stdout.write(f"  {line}"))
        except LedgerError as refused:
            raise CommandError(str(refused)) from refused

    def _links(self) -> None:
        address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        desks, accounts = access.desks(), {one.email: one for one in access.colleagues(demonstration=True)}
        known = [(told, accounts[told.email]) for told in staff.read().workers if told.email in accounts]
        for told, one in known:
            if told.first:
                where = desks[one.agency].name if one.agency in desks else one.agency
                self.stdout.write(f"{one.name}, {', '.join(one.titles)}, {where}: {told.about}")
                self.stdout.write(f"  {address}{demo_link(one.id)}\n\n")
        others = sum(not told.first for told, _ in known)
        self.stdout.write(f"Each link signs in once. {others} more people are at {address}{reverse('demo_people')}")
