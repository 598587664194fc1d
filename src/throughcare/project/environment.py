"""What the environment says, read once and checked. A wrong value stops the start with a sentence, not a traceback."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class SettingWrong(Exception):
    """A setting in the environment cannot be used. Says which, what is wrong and what would be right."""

    def __init__(self, name: str, wrong: str, right: str) -> None:
        self.name, self.wrong, self.right = name, wrong, right
        super().__init__(f"{name}: {wrong}. {right}.")


def text(name: str, default: str = "") -> str:
    """Return the setting without surrounding spaces, or `default` when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes or no. Unset means `default`."""
    if name not in os.environ:
        return default
    value = os.environ[name].strip().lower()
    if value not in TRUE | FALSE:
        raise SettingWrong(name, f"is {value!r}", "Give 1 or 0")
    return value in TRUE


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`, both included."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise SettingWrong(name, f"is {value!r}", f"Give a whole number from {least} to {most}")
    return int(value)


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """Return one of the words in `among`."""
    value = text(name, default)
    if value not in among:
        raise SettingWrong(name, f"is {value!r}", f"Give one of: {', '.join(among)}")
    return value


def listed(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated setting."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def home(checkout: Path) -> Path:
    """Return the folder for this installation's data, absolute; does not make it.

    `THROUGHCARE_HOME`; else `.throughcare` in the checkout; else, for an installed package, the user's data folder.
    """
    if chosen := text("THROUGHCARE_HOME"):
        folder = Path(chosen).expanduser().absolute()
        if folder.exists() and not folder.is_dir():
            raise SettingWrong("THROUGHCARE_HOME", f"{folder} is a file", "Give a folder")
        return folder
    if (checkout / "pyproject.toml").exists():
        return checkout / ".throughcare"
    return Path(text("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "throughcare"


def secret(name: str, kept_in: Path) -> str:
    """Return the secret from the environment, or one made at random once and kept in a file only this user reads."""
    if given := text(name):
        if len(given) < 50:
            raise SettingWrong(name, f"has {len(given)} characters", "Give at least 50 random ones")
        return given
    if not kept_in.exists():
        _make_secret(kept_in)
    value = kept_in.read_text().strip()
    if len(value) < 50:
        raise SettingWrong(
            name, f"the one in {kept_in} is broken", "Remove that file to make a new one, or set it here"
        )
    return value


def _make_secret(kept_in: Path) -> None:
    """Write a random secret whole or not at all; leave alone one that another process wrote a moment ago."""
    draft = kept_in.with_name(f"{kept_in.name}.{os.getpid()}")
    try:
        kept_in.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            kept_in.hardlink_to(draft)
        draft.unlink()
    except OSError as wrong:
        raise SettingWrong(
            "THROUGHCARE_HOME", f"{kept_in.parent} cannot be written", "Give a folder of yours"
        ) from wrong
