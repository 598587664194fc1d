"""Keyed hashes, and secrets kept encrypted. One key each, all worked out from `SECRET_KEY`.

What is looked for and where a request came from are kept in the audit log only as keyed hashes: the same search can
be recognised, and nobody who reads the log learns the name that was searched for. Changing `SECRET_KEY` ends all
enrolments of one-time codes and makes older hashes incomparable; see the operator's guide.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _key(use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"throughcare.access.{use}".encode()).derive(
        settings.SECRET_KEY.encode()
    )


def keyed_hash(use: str, text: str) -> str:
    """A hash of `text` in hexadecimal, that nobody can make or check without our key. Case and spaces do not count."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hmac.new(_key(f"hash.{use}"), plain.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def seal(text: str) -> str:
    """Encrypt a short secret for keeping."""
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The secret that `seal` kept, or None if it is not ours or the key has changed."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key("seal"))).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def token_hash(token: str) -> str:
    """The hash under which a token is kept. Tokens are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
