"""Clients that ask as fast as they are answered, each on a connection of its own. Shares no code with the module.

Requests are made beforehand as bytes and answers are read no further than needed, so that the clients take little of
the machine from the server.
"""

import re
import resource
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_TIMEOUT = 60.0


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


def ask(port: int, requests: Iterator[bytes], status: bytes, *, clients: int, seconds: float) -> Round:
    """Sends these requests for so many seconds, or until there are no more.

    Raises BadAnswerError, OutOfRequestsError.
    """
    lock, counts, failures = threading.Lock(), [0] * clients, list[Exception]()
    start, spent = time.monotonic(), _own_time()

    def client(number: int) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), _TIMEOUT) as connection:
                while time.monotonic() - start < seconds and not failures:
                    with lock:
                        request = next(requests, None)
                    if request is None:
                        return
                    _exchange(connection, request, status)
                    counts[number] += 1
        except Exception as error:  # noqa: BLE001  # raised again by the caller, in its own thread
            failures.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    took = time.monotonic() - start
    if took < seconds / 2:
        raise OutOfRequestsError
    return Round(sum(counts) / took, (_own_time() - spent) / took)


def fetch(port: int, request: bytes, status: bytes) -> bytes:
    """One answer, with its headers. Raises BadAnswerError."""
    with socket.create_connection(("127.0.0.1", port), _TIMEOUT) as connection:
        return _exchange(connection, request, status)


def _exchange(connection: socket.socket, request: bytes, status: bytes) -> bytes:
    connection.sendall(request)
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    if answer.split(b" ", 2)[1] != status:
        raise BadAnswerError(answer.split(b"\r\n", 1)[0].decode("latin-1"))
    found = _LENGTH.search(answer, 0, end + 2)
    if found is None:
        raise BadAnswerError("an answer without its length")
    while len(answer) < end + 4 + int(found[1]):
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
