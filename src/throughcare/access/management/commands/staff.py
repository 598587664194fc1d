"""`throughcare staff`: agencies, teams, accounts, roles, relations to people, blocks and agencies' systems, by hand.

How an installation begins, before anybody can sign in; and how somebody is let in again, or kept away from a person.
Whoever may run this on the server may do all of it; each act leaves its line in the audit log, in the name of nobody:
the server's own log says who was there.
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

ROLES = [str(one) for one in Role if one is not Role.SYSTEM]


class Command(BaseCommand):
    """One act a call."""

    help = "Agencies, teams, accounts, roles, relations, blocks and agencies' systems (throughcare staff ACT --help)"

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
        account.add_argument("--role", required=True, choices=ROLES)
        account.add_argument("--title", default="", help="as others see it: health visitor")
        team = acts.add_parser("team", help="make a team of an agency, or bring it up to date")
        team.add_argument("agency")
        team.add_argument("code", help="short: east")
        team.add_argument("--name", required=True)
        team.add_argument("--everyone", action="store_true", help="the agency's desk: all who work there belong")
        role = acts.add_parser("role", help="give an account a role, in a team or in none")
        role.add_argument("email")
        role.add_argument("role", choices=ROLES)
        role.add_argument("--title", default="", help="as others see it: health visitor")
        role.add_argument("--team", help="the code of a team of their agency")
        ending = acts.add_parser("end-role", help="end a role of an account, from the next page on")
        ending.add_argument("email")
        ending.add_argument("role", choices=ROLES)
        ending.add_argument("--team", help="in this team alone; left out: wherever it is held")
        password = acts.add_parser("password", help="set a new password; ends every session of the account")
        password.add_argument("email")
        codes = acts.add_parser("let-in", help="somebody lost their one-time codes: a new first password, codes anew")
        codes.add_argument("email")
        codes.add_argument("--reason", required=True, help="how you know that it is they")
        close = acts.add_parser("close", help="close an account, from the next page on")
        close.add_argument("email")
        opened = acts.add_parser("reopen", help="open a closed account again")
        opened.add_argument("email")
        relate = acts.add_parser("relate", help="say why an account, or a team, may see a person")
        relate.add_argument("who", help="an e-mail address, or a team as AGENCY/CODE")
        relate.add_argument("person", type=UUID, help="as in the address of the person's page")
        relate.add_argument("kind", choices=[str(one) for one in GIVEN])
        relate.add_argument("--reason", required=True)
        relate.add_argument("--until", type=date.fromisoformat, help="the last day, YYYY-MM-DD")
        block = acts.add_parser("block", help="keep an account away from a person, whatever else it may")
        block.add_argument("email")
        block.add_argument("person", type=UUID, help="as in the address of the person's page")
        block.add_argument("kind", choices=actions.BLOCKS, help="what they are to the person")
        block.add_argument("--reason", required=True)
        blocks = acts.add_parser("blocks", help="the blocks that stand, of one account or of all")
        blocks.add_argument("email", nargs="?")
        unblock = acts.add_parser("end-block", help="end a block")
        unblock.add_argument("number", type=int, help="as `blocks` shows it")
        unblock.add_argument("--reason", required=True)
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

    def _team(self, given: dict[str, Any], at: datetime) -> None:
        accounts.keep_team(given["agency"], given["code"], name=given["name"], everyone=given["everyone"], at=at)
        self.stdout.write(f"The team is kept: {given['agency']}/{given['code']}.")

    def _role(self, given: dict[str, Any], at: datetime) -> None:
        user = _user(given["email"])
        accounts.give_role(user, given["role"], title=given["title"], team=given["team"], at=at)
        self.stdout.write(f"The account is {given['role']}, from the next page on.")

    def _end_role(self, given: dict[str, Any], at: datetime) -> None:
        left = accounts.end_role(_user(given["email"]), given["role"], team=given["team"], at=at)
        self.stdout.write(
            f"The role is ended. The account still is {', '.join(left)}."
            if left
            else "The role is ended. It was the last: the account can sign in, and see nothing."
        )

    def _password(self, given: dict[str, Any], at: datetime) -> None:
        accounts.set_password(_user(given["email"]), _password(), at=at)
        self.stdout.write("The password is set.")

    def _let_in(self, given: dict[str, Any], at: datetime) -> None:
        accounts.reset_codes(_user(given["email"]), _password(), reason=given["reason"], at=at)
        self.stdout.write(
            "The new password is set, and every session of the account is ended. Hand the password over in person: "
            "one-time codes are set up anew at the next sign-in."
        )

    def _close(self, given: dict[str, Any], at: datetime) -> None:
        accounts.set_active(_user(given["email"]), False, at=at)
        self.stdout.write("The account is closed.")

    def _reopen(self, given: dict[str, Any], at: datetime) -> None:
        accounts.set_active(_user(given["email"]), True, at=at)
        self.stdout.write("The account is open. Its roles and relations are as they were.")

    def _relate(self, given: dict[str, Any], at: datetime) -> None:
        last: date | None = given["until"]
        until = datetime.combine(last + timedelta(days=1), time(), timezone.get_default_timezone()) if last else None
        actions.relate(
            given["person"],
            given["kind"],
            **_holder(given["who"]),
            reason=given["reason"],
            until=until.astimezone(UTC) if until else None,
            at=at,
        )
        self.stdout.write("The relation stands.")

    def _block(self, given: dict[str, Any], at: datetime) -> None:
        person = given["person"]
        known = queries.was_ever_seen(person)
        number = actions.block(_user(given["email"]), person, given["kind"], reason=given["reason"], at=at)
        self.stdout.write(f"The block stands, from the next page on. Its number is {number}.")
        if not known:
            self.stderr.write(
                "person: nobody has worked with or looked at a person of this id yet. If it is mistyped the block "
                "keeps nobody away: compare it with the address of the person's page. To take it back: "
                f"throughcare staff end-block {number} --reason ..."
            )

    def _blocks(self, given: dict[str, Any], at: datetime) -> None:
        for one in queries.blocks(_user(given["email"]) if given["email"] else None):
            self.stdout.write(f"{one.number:6} {one.since:%Y-%m-%d} {one.kind:9} {one.person} {one.email}")

    def _end_block(self, given: dict[str, Any], at: datetime) -> None:
        actions.end_block(given["number"], reason=given["reason"], at=at)
        self.stdout.write("The block is ended, from the next page on.")

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


def _holder(who: str) -> dict[str, Any]:
    """Who is to stand in a relation: an account by its address, or a team as AGENCY/CODE."""
    if "@" in who:
        return {"user": _user(who)}
    agency, slash, code = who.rpartition("/")
    if not slash:
        raise CommandError(f"who: {who} is neither an e-mail address nor a team. Give one, or AGENCY/CODE.")
    return {"team": (agency, code)}


def _password() -> str:
    """Ask twice on a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("password: the two are not the same. Try again.")
    return first
