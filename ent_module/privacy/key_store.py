"""Keys that live for a time and are then destroyed: one folder a campaign or conversation, outside the database and its
backups.

A database that is copied, restored or seized opens nothing without them, and once they are gone nothing opens again.
Each file is sealed under the installation's master key as well, so that the folder alone opens nothing either.

What does not belong here: what the keys are for.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_MARKS = "generation"
_MARK = 32


class LostKeyError(Exception):
    """The key is not in the store: destroyed, never made here, or of another installation."""


class _Keys(Protocol):
    def derive(self, purpose: str, *parts: bytes, length: int = 32) -> bytes:
        """A key for a purpose and its parts."""
        ...


class KeyStore:
    """The folder of such keys. All processes of an installation share it; nothing of it is ever copied."""

    def __init__(self, folder: Path, keys: _Keys) -> None:
        self._folder = folder
        self._keys = keys

    def put(self, owner: UUID, name: str, secret: bytes) -> bytes:
        """Keeps a secret of `owner` under that name, on disk when this returns; where there is one, that one stays.

        Returns what is kept.
        """
        place = self._folder / owner.hex
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.mkdir(exist_ok=True, mode=0o700)
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + AESGCM(self._key(owner, name)).encrypt(nonce, secret, None)
        handle, draft = mkstemp(dir=place)  # for its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first
                os.link(draft, place / name)
        finally:
            Path(draft).unlink()
        _sync(place)
        _sync(self._folder)  # the owner's own folder too
        return self.get(owner, name)

    def get(self, owner: UUID, name: str) -> bytes:
        """The secret again. Raises LostKeyError."""
        try:
            sealed = (self._folder / owner.hex / name).read_bytes()
            return AESGCM(self._key(owner, name)).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (OSError, InvalidTag, ValueError):
            raise LostKeyError(name) from None

    def holds(self, owner: UUID) -> bool:
        """Whether anything of that owner is left."""
        return (self._folder / owner.hex).exists()

    def owners(self) -> list[UUID]:
        """Whose keys are there; what else stands in the folder, as in a disk's own, is not ours."""
        found = []
        for place in self._folder.iterdir() if self._folder.exists() else ():
            with suppress(ValueError):
                found.append(UUID(place.name))
        return found

    def is_there(self) -> bool:
        """Whether the folder itself is, which it is from the first key on."""
        return self._folder.is_dir()

    def mark(self, marks: Sequence[bytes]) -> None:
        """Keeps these marks of 32 bytes in place of those before, on disk when this returns; without any, none is left.
        The folder must be there: one that is not mounted is not to be taken for an empty one.

        They are no secrets, only of which time the store is (`generation`).
        """
        if not marks:
            (self._folder / _MARKS).unlink(missing_ok=True)
            return
        handle, draft = mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(b"".join(marks))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(self._folder / _MARKS)
        _sync(self._folder)

    def marks(self) -> tuple[bytes, ...]:
        """The marks again; none where there were never any, or the folder is not there."""
        try:
            kept = (self._folder / _MARKS).read_bytes()
        except OSError:
            return ()
        return tuple(kept[start : start + _MARK] for start in range(0, len(kept), _MARK))

    def destroy(self, owner: UUID) -> None:
        """Overwrites and removes all keys of that owner; a second time changes nothing.

        What a disk keeps of overwritten blocks is beyond a program; that nothing opens rests on the master key too.
        """
        place = self._folder / owner.hex
        if not place.exists():
            return
        for file in place.iterdir():
            with suppress(FileNotFoundError):  # another process is at it too
                with file.open("r+b") as opened:
                    opened.write(bytes(file.stat().st_size))
                    opened.flush()
                    os.fsync(opened.fileno())
                file.unlink()
        with suppress(FileNotFoundError):
            place.rmdir()
        _sync(self._folder)

    def _key(self, owner: UUID, name: str) -> bytes:
        return self._keys.derive("key-store", owner.bytes, name.encode())


def _sync(folder: Path) -> None:
    """Makes what was added to or removed from a folder outlast a crash."""
    with _opened(folder) as handle:
        os.fsync(handle)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)
