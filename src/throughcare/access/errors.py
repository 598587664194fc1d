"""What is refused about access, and why. Nothing here tells whether a person or an account exists."""

from __future__ import annotations

from throughcare.access.reach import Permission


class AccessError(Exception):
    """Something about access was refused."""

    code = "access_error"


class AccessRefused(AccessError):
    """What was given cannot be kept. Says which field, what is wrong and what would be right."""

    code = "access_refused"

    def __init__(self, field: str, wrong: str, right: str) -> None:
        self.field, self.wrong, self.right = field, wrong, right
        super().__init__(f"{field}: {wrong}. {right}.")


class NotAllowed(AccessError):
    """The viewer may not do this. The words tell nothing about whether the person exists."""

    code = "not_allowed"

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__("There is no such page, or you may not do this here.")


class AlreadyDone(AccessError):
    """Somebody else was quicker: this was done before."""

    code = "already_done"


class SignInRefused(AccessError):
    """Not signed in. The same words whether the account is unknown, the password wrong, or it was tried too often."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("That did not work. Check what you entered. If you have tried several times, wait 15 minutes.")


class TokenRefused(AccessError):
    """No token. The same words whether the client is unknown, the secret wrong, or it was tried too often."""

    code = "token_refused"

    def __init__(self) -> None:
        super().__init__(
            "The client id and secret were not accepted. If you have tried several times, wait 15 minutes."
        )
