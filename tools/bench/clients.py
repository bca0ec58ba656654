"""Clients that ask as fast as they are answered, each on a connection of its own. Shares no code with the module.

Requests are made beforehand as bytes and answers are read no further than needed, so that the clients take little of
the machine from the server.
"""

import re
import resource
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_CLOSED = re.compile(rb"(?i)\r\nconnection: *close\r\n")
_NO_CONTENT = b"204"
_TIMEOUT = 60.0


@dataclass(frozen=True)
class Step:
    """One request, and the status that is wanted."""

    request: bytes
    status: bytes


Visit = tuple[Step, ...]
"""What one client asks, one step after the other; a visit counts once it is answered to its end."""


class BadAnswerError(Exception):
    """The server gave another answer than the row wants; its first line is the message."""


class OutOfRequestsError(Exception):
    """All that was prepared was answered in less than half the time: the row must prepare more."""


@dataclass(frozen=True)
class Round:
    """What one round showed."""

    per_second: float
    client_share: float
    """How much of one processor the clients took themselves."""


def ask(port: int, visits: Iterator[Visit], *, clients: int, seconds: float) -> Round:
    """Makes these visits for so many seconds, or until there are no more.

    Raises BadAnswerError, OutOfRequestsError.
    """
    lock, counts = threading.Lock(), [0] * clients
    start, spent = time.monotonic(), _own_time()

    def client(number: int, failed: Callable[[], bool]) -> None:
        with _Browser(port) as browser:
            while time.monotonic() - start < seconds and not failed():
                with lock:
                    visit = next(visits, None)
                if visit is None:
                    return
                browser.make(visit)
                counts[number] += 1

    _together(clients, client)
    took = time.monotonic() - start
    if took < seconds / 2:
        raise OutOfRequestsError
    return Round(sum(counts) / took, (_own_time() - spent) / took)


def burst(port: int, visits: Sequence[Visit], within: float) -> list[float]:
    """Makes each visit once, at a moment drawn from so many seconds. Returns how long each took.

    Raises BadAnswerError.
    """
    moments, took = [secrets.randbelow(1000) / 1000 * within for _visit in visits], [0.0] * len(visits)

    def client(number: int, _failed: Callable[[], bool]) -> None:
        time.sleep(moments[number])
        start = time.monotonic()
        with _Browser(port) as browser:
            browser.make(visits[number])
        took[number] = time.monotonic() - start

    _together(len(visits), client)
    return took


def fetch(port: int, step: Step) -> bytes:
    """One answer, with its headers. Raises BadAnswerError."""
    with _Browser(port) as browser:
        return browser.exchange(step)


def _together(count: int, act: Callable[[int, Callable[[], bool]], None]) -> None:
    """Runs `act` in so many threads; it is given its number, and what tells whether another one has failed.

    Raises what the first that failed raised.
    """
    failures: list[Exception] = []

    def run(number: int) -> None:
        try:
            act(number, lambda: bool(failures))
        except Exception as error:  # noqa: BLE001  # raised again by the caller, in its own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class _Browser:
    """One connection, made anew where the server has closed it, as waitress does after an answer without a body."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def make(self, visit: Visit) -> None:
        """One step after the other."""
        for step in visit:
            self.exchange(step)

    def exchange(self, step: Step) -> bytes:
        """One answer, with its headers. Raises BadAnswerError."""
        if self._connection is None:
            self._connection = socket.create_connection(("127.0.0.1", self._port), _TIMEOUT)
        self._connection.sendall(step.request)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += _more(self._connection)
        if answer.split(b" ", 2)[1] != step.status:
            raise BadAnswerError(answer.split(b"\r\n", 1)[0].decode("latin-1"))
        found = _LENGTH.search(answer, 0, end + 2)
        if found is None and step.status != _NO_CONTENT:
            raise BadAnswerError("an answer without its length")
        while found is not None and len(answer) < end + 4 + int(found[1]):
            answer += _more(self._connection)
        if _CLOSED.search(answer, 0, end + 2):
            self._close()
        return answer

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _more(connection: socket.socket) -> bytes:
    read = connection.recv(1 << 17)
    if not read:
        raise BadAnswerError("the server closed the connection")
    return read


def _own_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
