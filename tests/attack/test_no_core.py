"""While ballots are counted nobody of the same user looks into the process, and it leaves no core file."""

import ctypes
import os
import pwd
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from ent_module.privacy.unseen import unseen
from tools.attack import memory

NOBODY = pwd.getpwnam("nobody").pw_uid
_MAY_BE_SEEN = ((4, 1), (0x59616D61, ctypes.c_ulong(-1)))
"""PR_SET_DUMPABLE, which a process that changes its user loses, and PR_SET_PTRACER for a kernel with Yama."""
Held = Callable[[], AbstractContextManager[None]]


def child(work: Callable[[], int]) -> int:
    """A process of an ordinary user that does that work and ends with its result."""
    process = os.fork()
    if not process:
        try:
            if os.getuid() == 0:
                os.setresuid(NOBODY, NOBODY, NOBODY)
            for option, value in _MAY_BE_SEEN:
                ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
            os._exit(work())
        except BaseException:  # noqa: BLE001  # a forked test must not go on
            os._exit(99)
    return process


def status(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@contextmanager
def stopped(held: Held) -> Iterator[int]:
    """A process that has stopped inside the block that it holds."""

    def stop() -> int:
        with held():
            os.kill(os.getpid(), signal.SIGSTOP)
        return 0

    process = child(stop)
    os.waitpid(process, os.WUNTRACED)
    try:
        yield process
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def looks_into(process: int) -> bool:
    """Whether an ordinary user may read that process's memory."""

    def look() -> int:
        Path(f"/proc/{process}/mem").open("rb").close()
        return 0

    return status(child(look)) == 0


@pytest.mark.parametrize(("held", "seen"), [(nullcontext, True), (unseen, False)])
def test_nobody_of_the_same_user_looks_into_a_process_that_counts(held: Held, seen: bool) -> None:
    with stopped(held) as process:
        assert looks_into(process) == seen
        assert (memory.core_limit(process) == "0") or seen
