"""The command line: `throughcare COMMAND`. `throughcare help` lists every command.

Ends with 0 when it is done or the answer is yes, 1 when the answer is no or the work could not be done (one sentence
says why), 2 when the command itself was not understood.

Some commands are pure: they compute from files and never touch a database (`PURE`). The others are Django management
commands; the database is started for them when it is the embedded one.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from throughcare.project import database
from throughcare.project.environment import SettingWrong

OK, NO, USAGE = 0, 1, 2

PURE = {
    "replay": ("throughcare.project.replay", "Compute duties, findings and knowledge from files of entries"),
    "verify": ("throughcare.project.verify", "Check the ledger: an export, or (without FILE) this database"),
    "countersign": (
        "throughcare.project.countersign",
        "Sign a checkpoint as a witness, once it is shown to extend the last that you signed",
    ),
    "mail-catcher": (
        "throughcare.project.mail",
        "Keep mail for reading in the browser instead of sending it (demonstration)",
    ),
    "start": ("throughcare.project.run", "Prepare everything and run site, worker and mail catcher (bin/run)"),
}
"""Commands that read no settings of Django: module with `main(argv) -> int`, and what they do."""

OURS = {
    "serve": "Run the site on PORT (default 8000)",
    "worker": "Work off jobs: deliver messages, seal the ledger, watch time limits",
}
"""Commands that run until they are stopped."""

UPKEEP = {
    "tick": "Let time pass once by hand: what became overdue, what changed by itself",
    "seal": "Seal what waits, once by hand",
    "rebuild": "Work out all duties and findings anew, and say how many rows differed",
    "export-ledger": "Write the sealed ledger as a file that anyone can check",
    "public-key": "Print the key with which anyone can check what was signed",
    "erase": "Destroy the content of one entry under an authority of law",
}
"""Commands that keep an installation: `project.upkeep`."""

_SERVED = frozenset(OURS) | frozenset(UPKEEP) | {"verify"}
_WITHOUT_DATABASE = frozenset(
    {"help", "version", "collectstatic", "findstatic", "diffsettings", "startapp", "startproject"}
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Never lets a traceback out for what the user can mend."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = arguments[0] if arguments else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughcare.project.settings")
    try:
        if command in _SERVED:
            os.environ.setdefault("THROUGHCARE_DB_ROLE", "app")
            os.environ.setdefault("THROUGHCARE_DB_POOL", "10" if command == "serve" else "0")
        if command in PURE:
            return _pure(command, arguments[1:])
        return _with_django(command, arguments)
    except (SettingWrong, database.DatabaseError) as wrong:
        return _say(str(wrong), NO)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; nothing to add at exit
        return OK
    except KeyboardInterrupt:
        return 130


def _pure(command: str, arguments: list[str]) -> int:
    module = PURE[command][0]
    if not find_spec(module):
        return _say(f"throughcare {command}: is not part of this release.", USAGE)
    run: Callable[[list[str]], int | None] = importlib.import_module(module).main
    return run(arguments) or OK


def _with_django(command: str, arguments: list[str]) -> int:
    if command in {"help", "--help", "-h"} and len(arguments) < 2:
        return _help()
    import django
    from django.conf import settings
    from django.core.management import ManagementUtility, get_commands

    if command not in _WITHOUT_DATABASE and not {"--help", "-h"} & set(arguments[1:]):
        database.attach(settings.HOME, settings.DATABASE_URL or None)
    if command == "serve":
        return _serve(arguments[1:])
    django.setup()
    if command == "worker" or command in UPKEEP:
        return _ours(command, arguments[1:])
    if arguments[0] not in {*get_commands(), "help", "version", "--version", "--help", "-h"}:
        return _say(f"throughcare {command}: there is no such command. `throughcare help` lists them.", USAGE)
    try:
        ManagementUtility(["throughcare", *arguments]).execute()
    except SystemExit as end:
        return _code(end)
    except django.db.OperationalError as wrong:
        return _say(f"The database does not answer. {' '.join(str(wrong).split())}", NO)
    except django.db.ProgrammingError as wrong:
        return _say(f"The database is not ready: run `throughcare migrate`. {' '.join(str(wrong).split())}", NO)
    return OK


def _ours(command: str, arguments: list[str]) -> int:
    """Run the worker, or a command of upkeep."""
    from django.db import DatabaseError

    from throughcare.project import upkeep, worker

    try:
        if command == "worker":
            return _usage(command, arguments) if arguments else worker.main()
        return upkeep.COMMANDS[command](arguments)
    except SystemExit as end:  # of argparse
        return _code(end)
    except DatabaseError as wrong:
        return _say(f"The database refused. {' '.join(str(wrong).split())}", NO)


def _usage(command: str, arguments: list[str]) -> int:
    print(f"usage: throughcare {command}\n\n{OURS[command]}. Settings come from the environment.", file=sys.stderr)
    return OK if {"--help", "-h"} & set(arguments) else USAGE


def _code(end: SystemExit) -> int:
    if isinstance(end.code, str):
        return _say(end.code, NO)
    return OK if end.code is None else int(end.code)


def _serve(arguments: list[str]) -> int:
    """Run the web server in this process until it is told to stop."""
    if arguments:
        return _usage("serve", arguments)
    import uvicorn
    from django.conf import settings

    host = os.environ.get("THROUGHCARE_LISTEN", "127.0.0.1")
    uvicorn.run(
        "throughcare.project.asgi:application",
        host=host,
        port=settings.PORT,
        access_log=False,  # addresses can hold what was searched for; who read what is in the audit log
        log_config=None,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        forwarded_allow_ips=os.environ.get("THROUGHCARE_PROXY_ADDRESSES", "127.0.0.1"),
    )
    return OK


def _help() -> int:
    """List every command: pure ones, ours, the rooms', Django's."""
    import django
    from django.core.management import get_commands

    django.setup()
    print(__doc__ and __doc__.splitlines()[0], "\n\nwithout a database:")
    _list({name: said for name, (module, said) in PURE.items() if find_spec(module)})
    print("\nrunning:")
    _list(OURS)
    print("\nupkeep:")
    _list(UPKEEP)
    by_room: dict[str, list[str]] = {}
    for name, app in get_commands().items():
        if str(app).startswith("throughcare."):
            by_room.setdefault(str(app).rpartition(".")[2], []).append(name)
    for room, names in sorted(by_room.items()):
        print(f"\n{room}: {', '.join(sorted(names))}")
    print("\nDjango's own: check, dumpdata, makemigrations, migrate, shell and others; `throughcare COMMAND --help`.")
    return OK


def _list(commands: dict[str, str]) -> None:
    for name, said in commands.items():
        print(f"  {name:14} {said}")


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
