"""The host's master key and everything derived from it (HKDF-SHA256, RFC 5869)."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ent_module.config import ConfigurationError


def framed(*parts: bytes) -> bytes:
    """The parts joined so that no two lists give the same bytes: each is preceded by its length."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class MasterKey:
    """32 random bytes of the host. Its representation never shows them."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise ConfigurationError("the key file must hold exactly 32 bytes")
        self._secret = secret

    def derive(self, purpose: str, *parts: bytes, length: int = 32) -> bytes:
        """A key of `length` bytes for a purpose and its parts; other parts give an unrelated key."""
        info = framed(b"ent/1", purpose.encode(), *parts)
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._secret)


def load_master_key(path: Path, *, create: bool) -> MasterKey:
    """The key in that file. `create` makes the file (mode 600) where it is missing, for the embedded database.

    Raises ConfigurationError where it is missing or has another size.
    """
    if create and not path.exists():
        _make(path)
    if not path.is_file():
        raise ConfigurationError(
            "ENT_KEY_FILE names no file; make one: head -c 32 /dev/urandom > FILE && chmod 600 FILE"
        )
    return MasterKey(path.read_bytes())


def _make(path: Path) -> None:
    """Makes the file with its 32 bytes in it, at once, so that another process never reads less; the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = mkstemp(dir=path.parent)  # for its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(draft, path)
    finally:
        Path(draft).unlink()
