"""A process into which nobody looks while it holds what nobody is to read."""

import ctypes
import resource
from collections.abc import Iterator
from contextlib import contextmanager

_DUMPABLE = 4
"""PR_SET_DUMPABLE of prctl(2)."""
_ALL_MEMORY = 1 | 2
"""MCL_CURRENT and MCL_FUTURE of mlockall(2)."""


@contextmanager
def unseen() -> Iterator[None]:
    """While it lasts, the process leaves no core file and no other program of its user may look into it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    libc = ctypes.CDLL(None)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_DUMPABLE, 1, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


def stay_in_memory() -> bool:
    """Keeps this process out of swap until it ends. Whether it could: only where the system sets no limit to it, since
    with one the process would die of it halfway."""
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] != resource.RLIM_INFINITY:
        return False
    return bool(ctypes.CDLL(None).mlockall(_ALL_MEMORY) == 0)
