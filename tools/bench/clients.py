"""Clients that ask as fast as they are answered, each on a connection of its own. Shares no code with the module.

Requests are made beforehand as bytes and answers are read no further than needed, so that the clients take little of
the machine from the server.
"""

import random
import re
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
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
        with _connected(port) as connection:
            while time.monotonic() - start < seconds and not failed():
                with lock:
                    visit = next(visits, None)
                if visit is None:
                    return
                _make(connection, visit)
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
    moments, took = [random.uniform(0, within) for _visit in visits], [0.0] * len(visits)  # noqa: S311  # no secret

    def client(number: int, _failed: Callable[[], bool]) -> None:
        time.sleep(moments[number])
        start = time.monotonic()
        with _connected(port) as connection:
            _make(connection, visits[number])
        took[number] = time.monotonic() - start

    _together(len(visits), client)
    return took


def fetch(port: int, request: bytes, status: bytes) -> bytes:
    """One answer, with its headers. Raises BadAnswerError."""
    with _connected(port) as connection:
        return _exchange(connection, Step(request, status))


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


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), _TIMEOUT)


def _make(connection: socket.socket, visit: Visit) -> None:
    for step in visit:
        _exchange(connection, step)


def _exchange(connection: socket.socket, step: Step) -> bytes:
    connection.sendall(step.request)
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    if answer.split(b" ", 2)[1] != step.status:
        raise BadAnswerError(answer.split(b"\r\n", 1)[0].decode("latin-1"))
    found = _LENGTH.search(answer, 0, end + 2)
    if found is None and step.status != _NO_CONTENT:
        raise BadAnswerError("an answer without its length")
    while found is not None and len(answer) < end + 4 + int(found[1]):
        answer += _more(connection)
    return answer


def _more(connection: socket.socket) -> bytes:
    read = connection.recv(1 << 17)
    if not read:
        raise BadAnswerError("the server closed the connection")
    return read


def _own_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
