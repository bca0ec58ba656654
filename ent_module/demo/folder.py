"""The folder of the demo's data: marked as its own, so that nothing else is ever served or deleted."""

import shutil
from pathlib import Path

MARKER = "this-is-a-demo"
_FILES = (
    "ent.sqlite",
    "ent.sqlite-shm",
    "ent.sqlite-wal",
    "master.key",
    "portal.pem",
    "portal.secret",
)
_KEYS = ("survey-keys", "content-keys")


class ForeignFolderError(Exception):
    """The folder holds something that is not the demo's."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not a folder of the demo: it is not empty and holds no {MARKER}")


def take(folder: Path) -> None:
    """Makes the folder, or marks an empty one. Raises ForeignFolderError for one in which anything else lies."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / MARKER).is_file():
        if any(folder.iterdir()):
            raise ForeignFolderError(folder)
        (folder / MARKER).write_text("Invented people. `ent-module demo --reset` deletes what lies here.\n")


def clear(folder: Path) -> None:
    """Deletes the demo's files, and the folder with its marker where nothing else lies in it.

    Raises ForeignFolderError for a folder without the marker, of which nothing is deleted.
    """
    if not (folder / MARKER).is_file():
        raise ForeignFolderError(folder)
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
    for name in _KEYS:
        shutil.rmtree(folder / name, ignore_errors=True)
    if [one.name for one in folder.iterdir()] == [MARKER]:
        (folder / MARKER).unlink()
        folder.rmdir()
