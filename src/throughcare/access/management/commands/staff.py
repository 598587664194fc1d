"""`throughcare staff`: agencies, accounts, roles, relations to people and agencies' systems, by hand.

How an installation begins, before anybody can sign in. Whoever may run this on the server may do all of it; each act
leaves its line in the audit log, in the name of nobody: the server's own log says who was there.
"""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from throughcare.access import accounts, actions, queries, systems
from throughcare.access.errors import AccessError
from throughcare.access.models import SECTORS, User
from throughcare.access.reach import GIVEN, Role


class Command(BaseCommand):
    """One act a call."""

    help = "Agencies, accounts, roles, relations and agencies' systems (throughcare staff ACT --help)"

    def add_arguments(self, parser: CommandParser) -> None:
        """The acts, each with what it needs."""
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        agency = acts.add_parser("agency", help="make an agency, or bring it up to date")
        agency.add_argument("code")
        agency.add_argument("--name", required=True)
        agency.add_argument("--sector", required=True, choices=SECTORS)
        agency.add_argument("--telephone", default="", help="whom to ring there")
        agency.add_argument("--contact", default="", help="in words: duty desk, 24 hours")
        account = acts.add_parser("account", help="make an account; asks for its first password")
        account.add_argument("email")
        account.add_argument("--name", required=True)
        account.add_argument("--agency", required=True)
        account.add_argument("--role", required=True, choices=[str(one) for one in Role if one is not Role.SYSTEM])
        account.add_argument("--title", default="", help="as others see it: health visitor")
        password = acts.add_parser("password", help="set a new password; ends every session of the account")
        password.add_argument("email")
        close = acts.add_parser("close", help="close an account, from the next page on")
        close.add_argument("email")
        relate = acts.add_parser("relate", help="say why an account may see a person")
        relate.add_argument("email")
        relate.add_argument("person", type=UUID, help="as in the address of the person's page")
        relate.add_argument("kind", choices=[str(one) for one in GIVEN])
        relate.add_argument("--reason", required=True)
        relate.add_argument("--until", type=date.fromisoformat, help="the last day, YYYY-MM-DD")
        system = acts.add_parser("system", help="make a client of the API; its secret is shown once")
        system.add_argument("agency")
        system.add_argument("name")
        system.add_argument("--scope", action="append", default=None, help="default: api.write")
        revoke = acts.add_parser("revoke-system", help="shut a client of the API out, at once")
        revoke.add_argument("client_id")
        acts.add_parser("list", help="agencies and accounts")

    def handle(self, *args: Any, act: str, **given: Any) -> None:
        """Do it, or say in a sentence what is wrong."""
        try:
            getattr(self, f"_{act.replace('-', '_')}")(given, timezone.now())
        except AccessError as refused:
            raise CommandError(str(refused)) from refused

    def _agency(self, given: dict[str, Any], at: datetime) -> None:
        fields = {name: given[name] for name in ("name", "sector", "telephone", "contact")}
        accounts.keep_agency(given["code"], at=at, **fields)
        self.stdout.write(f"{given['code']} is kept.")

    def _account(self, given: dict[str, Any], at: datetime) -> None:
        _must_be_agency(given["agency"])
        user = accounts.make_user(
            given["email"], name=given["name"], agency=given["agency"], password=_password(), at=at
        )
        accounts.give_role(user, given["role"], title=given["title"], at=at)
        self.stdout.write("The account is made. One-time codes are set up at the first sign-in.")

    def _password(self, given: dict[str, Any], at: datetime) -> None:
        accounts.set_password(_user(given["email"]), _password(), at=at)
        self.stdout.write("The password is set.")

    def _close(self, given: dict[str, Any], at: datetime) -> None:
        accounts.set_active(_user(given["email"]), False, at=at)
        self.stdout.write("The account is closed.")

    def _relate(self, given: dict[str, Any], at: datetime) -> None:
        last: date | None = given["until"]
        until = datetime.combine(last + timedelta(days=1), time(), timezone.get_default_timezone()) if last else None
        actions.relate(
            given["person"],
            given["kind"],
            user=_user(given["email"]),
            reason=given["reason"],
            until=until.astimezone(UTC) if until else None,
            at=at,
        )
        self.stdout.write("The relation stands.")

    def _system(self, given: dict[str, Any], at: datetime) -> None:
        _must_be_agency(given["agency"])
        made = systems.make_system(given["agency"], name=given["name"], scopes=given["scope"] or ["api.write"], at=at)
        self.stdout.write(f"client id: {made.client_id}\nsecret:    {made.secret}\nThe secret is shown this once.")

    def _revoke_system(self, given: dict[str, Any], at: datetime) -> None:
        systems.revoke_system(given["client_id"], at=at)
        self.stdout.write("Any client of that id is shut out.")

    def _list(self, given: dict[str, Any], at: datetime) -> None:
        for desk in queries.desks().values():
            self.stdout.write(f"{desk.code:12} {desk.sector:12} {desk.name}")
        for one in queries.colleagues():
            self.stdout.write(f"{one.agency:12} {one.email}  {one.name}, {', '.join(one.titles)}")


def _must_be_agency(code: str) -> None:
    if code not in queries.desks():
        raise CommandError(f"agency: {code} is not known. Make it first: throughcare staff agency {code} --name ...")


def _user(email: str) -> UUID:
    found = User.objects.filter(email__iexact=email.strip()).values_list("id", flat=True).first()
    if found is None:
        raise CommandError("email: no account has this address. `throughcare staff list` shows the addresses.")
    return found


def _password() -> str:
    """Ask twice on a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("password: the two are not the same. Try again.")
    return first
