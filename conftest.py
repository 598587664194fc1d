"""What every test may use: the database, generated cases, a browser.

The database is the embedded server on `THROUGHCARE_HOME` (bin/test gives a throw-away one), or `DATABASE_URL`.
Tables are made as its owner; then tests run as the application does, under the role `throughcare_app`, so that a
missing right fails a test and not a morning. A test that must be the owner uses the fixture `as_owner`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHECKOUT = Path(__file__).parent

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, database=None)
hypothesis_settings.register_profile("search", max_examples=2000, deadline=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded database before Django looks for it. It is stopped when the last process using it ends."""
    from throughcare.project import database, environment

    home = environment.home(CHECKOUT)
    os.environ["THROUGHCARE_HOME"] = str(home)
    database.attach(home, environment.text("DATABASE_URL") or None, durable=False)
    _hash_cheaply()


def _hash_cheaply() -> None:
    """Hash passwords as in service, by Argon2id, but with 64 KiB for each instead of 100 MiB."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


def pytest_report_header(config: pytest.Config) -> str:
    """Say which seed and which database."""
    profile = os.environ.get("HYPOTHESIS_PROFILE", "ci")
    where = "DATABASE_URL" if os.environ.get("DATABASE_URL") else os.environ["THROUGHCARE_HOME"]
    return f"hypothesis: profile {profile} (ci: derandomized, the same cases each run); database: {where}"


# The network.


@pytest.fixture(scope="session", autouse=True)
def no_way_outside() -> Iterator[None]:
    """Refuse every connection to another machine: only this one and Unix sockets.

    Not an OSError, so that nothing hides it. Within this process only; pages in the browser ask nothing of another
    host, as their content policy says and other tests hold.
    """
    ways = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guarded(way: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def here_only(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_here(address[0]):
                raise RuntimeError(f"A test asked for a connection to {address[0]}: only this machine is open to it.")
            return way(self, address)

        return here_only

    with pytest.MonkeyPatch.context() as patch:
        for name, way in ways.items():
            patch.setattr(socket.socket, name, guarded(way))
        yield


def _is_here(host: str) -> bool:
    """Whether this names this machine. Other names are not looked up: they are elsewhere."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# The database.


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give each run its own database, so that two runs on one server never meet."""
    from django.conf import settings

    test = settings.DATABASES["default"].setdefault("TEST", {})
    test["NAME"] = f"test_{os.getpid()}_{test.get('NAME') or 'throughcare'}"[:60]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After the tables are made, go on as the application's role when the migrations have made it."""
    from django.db import connection

    from throughcare.project import database

    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [database.APP_ROLE])
            there = cursor.fetchone() is not None
        if there and os.environ.get("THROUGHCARE_DB_ROLE") != "owner":
            _take_role(f"-c role={database.APP_ROLE}")
    with _owner_empties_tables():
        yield
    with django_db_blocker.unblock():
        _take_role("")


def _take_role(options: str) -> None:
    """Open every later connection with these options."""
    from django.db import connections

    for settings in (connections.settings["default"], connections["default"].settings_dict):
        settings["OPTIONS"]["options"] = options
    connections["default"].close()


@contextlib.contextmanager
def _owner_empties_tables() -> Iterator[None]:
    """Let the emptying of tables after a browser test be done by their owner, with the ledger's guard lifted.

    Only then: within a test the application's role and the triggers stand as in service.
    """
    from django.test import TransactionTestCase

    teardown = TransactionTestCase._fixture_teardown

    def as_owner(self: TransactionTestCase) -> None:
        with _unguarded():
            teardown(self)
            _empty_queue()

    TransactionTestCase._fixture_teardown = as_owner
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = teardown


def _empty_queue() -> None:
    """Leave no job to the next test: the queue's tables are not Django's, so the emptying above passes them by."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


_GUARDED = """
    SELECT DISTINCT format('%I.%I', n.nspname, c.relname) FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgtype & 32 > 0 AND n.nspname NOT LIKE 'pg\\_%'
"""  # tables with a trigger of their own on TRUNCATE


@contextlib.contextmanager
def _unguarded() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (before,) = cursor.fetchone()
        cursor.execute("SET ROLE NONE")
        cursor.execute(_GUARDED)
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # names from the catalogue, quoted there
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f'SET ROLE "{before}"')


@pytest.fixture
def as_owner(db: None) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """Give a context in which this test is the tables' owner: `with as_owner(): ...` (to tamper, say)."""
    from django.db import connection

    @contextlib.contextmanager
    def owner() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            (before,) = cursor.fetchone()
            cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'SET ROLE "{before}"')

    return owner


# The browser.

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def find_chromium() -> str | None:
    """Return the Chromium to use: `CHROMIUM`, one on the PATH, one in macOS's place, or None for Playwright's own."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or next((place for place in _PLACES if Path(place).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the whole run. A missing one is an error, never a skip."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django would take that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    root = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*_QUIET, *root], env={**os.environ, "TMPDIR": folder}
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A fresh page, signed in as nobody; `page.goto("/path")` goes to this test's own server.

    Anything the page's scripts throw, and anything the content policy refuses, fails the test.
    """
    context = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(15_000)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    context.close()
    assert not wrong, wrong
