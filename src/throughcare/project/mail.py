"""The demonstration's mail server: keeps every message in a Maildir, sends none on.

Listens on this machine only. Reading the messages in the browser is the room `demo`'s. Never run in service.
"""

from __future__ import annotations

import argparse
import asyncio
import mailbox
import signal
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

LARGEST_MESSAGE = 10 * 1024 * 1024
"""Bytes. A larger message is refused."""


class Catcher:
    """Keeps what arrives. Answers only after the message is on disk, so that "told" is not said too early."""

    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep one message, with the addresses of its envelope."""
        message = mailbox.MaildirMessage(envelope.content)
        message["X-Envelope-From"] = envelope.mail_from or ""
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.box.add(message)
        return "250 Kept"


class MailServer:
    """A catcher that runs in a thread of this process, from `start()` to `stop()`."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        """Port 0 takes a free one."""
        self._controller = _Controller(
            Catcher(folder),
            hostname="127.0.0.1",
            port=port,
            data_size_limit=LARGEST_MESSAGE,
            ident="Throughcare demonstration",
        )

    def start(self) -> str:
        """Begin to listen; return the address as `THROUGHCARE_SMTP` takes it."""
        self._controller.start()
        return f"smtp://127.0.0.1:{self._controller.port}"

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()


class _Controller(Controller):
    """aiosmtpd's own, which learns which free port it was given before it greets itself."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)  # noqa: S101 - set by aiosmtpd just before
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def main(argv: list[str]) -> int:
    """`throughcare mail-catcher FOLDER --port N`: catch mail until told to stop."""
    parser = argparse.ArgumentParser(prog="throughcare mail-catcher", description=__doc__)
    parser.add_argument("folder", type=Path, help="a Maildir; made when it is not there")
    parser.add_argument("--port", type=int, default=8025)
    given = parser.parse_args(argv)
    server = MailServer(given.folder, port=given.port)
    print(server.start(), flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()
    return 0
