"""Where an attacked installation lies for a while."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_IN_MEMORY, _ENOUGH = Path("/dev/shm"), 400 << 20  # noqa: S108  # what lies there is of no worth, and has no names


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder: in memory where that is large enough, since databases wait for the disk at each commit."""
    roomy = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ENOUGH
    with TemporaryDirectory(prefix="ent-attack-", dir=_IN_MEMORY if roomy else None) as made:
        yield Path(made)
