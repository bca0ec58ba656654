"""Fetching from a platform without being led elsewhere. Servers are real, and all on this machine."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from ent_module.sign_in import asking, fetching
from ent_module.sign_in.fetching import FetchError, fetch_json
from ent_module.sign_in.keysets import KeySets
from tests.support.server import Handler, handling

LONG = 15
"""Seconds that no deadline of these tests takes, on however busy a machine; without one it would be longer."""


class Server(Handler):
    """Answers each path in its own bad or good way, and notes which name it was asked under."""

    hosts: list[str]

    def hear(self, _form: dict[str, str] | None) -> None:
        self.hosts.append(self.headers["Host"])
        getattr(self, self.path.strip("/"))()

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def good(self) -> None:
        self._send(200, b'{"keys": []}')

    def moved(self) -> None:
        self._send(302, b"", Location="/good")

    def missing(self) -> None:
        self._send(404, b'{"keys": []}')

    def html(self) -> None:
        self._send(200, b"<html>")

    def latin(self) -> None:
        self._send(200, b'{"a": "\xe9"}')

    def nested(self) -> None:
        self._send(200, b"[" * 100_000)

    def zipped(self) -> None:
        self._send(200, b"\x1f\x8b\x08\x00garbage", Content_Encoding="gzip")

    def large(self) -> None:
        self._send(200, b'"' + b"x" * 200_000 + b'"')

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(0.02)
        except OSError:
            return

    def silent(self) -> None:
        time.sleep(30)


@pytest.fixture
def hosts() -> list[str]:
    return []


@pytest.fixture
def address(hosts: list[str]) -> Iterator[str]:
    with handling(type("Here", (Server,), {"hosts": hosts})) as here:
        yield here


def test_a_document_is_fetched(address: str) -> None:
    assert fetch_json(f"{address}/good", allow_local=True) == {"keys": []}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("moved", "status"),
        ("missing", "status"),
        ("html", "content"),
        ("latin", "content"),
        ("nested", "content"),
        ("zipped", "content"),
        ("large", "size"),
    ],
)
def test_bad_answers_are_given_up(address: str, hosts: list[str], path: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        fetch_json(f"{address}/{path}", allow_local=True)
    assert len(hosts) == 1, "no redirect is followed"


@pytest.mark.parametrize(
    ("path", "read", "total", "why"), [("endless", 20, 0.4, "time"), ("silent", 0.2, 20, "unreachable")]
)
def test_slow_answers_are_given_up(
    address: str, path: str, read: float, total: float, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", read)
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", total)
    began = time.monotonic()
    with pytest.raises(FetchError, match=why):
        fetch_json(f"{address}/{path}", allow_local=True)
    assert time.monotonic() - began < LONG


@pytest.fixture
def callers() -> list[object]:
    return []


@pytest.fixture
def dribbling(callers: list[object]) -> Iterator[Callable[[bytes], int]]:
    """A server that begins with these bytes and goes on with one more each moment, for very long. Gives its port."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def serve(listening: socket.socket, start: bytes) -> None:
        while not stop.is_set():
            try:
                connection, caller = listening.accept()
            except TimeoutError:
                continue
            callers.append(caller)
            with connection, suppress(OSError):
                connection.sendall(start)
                while not stop.wait(0.02):
                    connection.sendall(b"x")
        listening.close()

    def begin(start: bytes) -> int:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.settimeout(0.05)
        threads.append(threading.Thread(target=serve, args=(listening, start)))
        threads[-1].start()
        return int(listening.getsockname()[1])

    yield begin
    stop.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    ("scheme", "start"),
    [
        ("http", b"HTT"),
        ("http", b"HTTP/1.1 200 OK\r\nX: "),
        ("http", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("https", b"\x16\x03\x03\x40\x00"),
    ],
)
def test_one_deadline_counts_from_the_connection_to_the_last_byte(
    dribbling: Callable[[bytes], int], scheme: str, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.4)
    url = f"{scheme}://127.0.0.1:{dribbling(start)}/keys"
    began = time.monotonic()
    with pytest.raises(FetchError, match="time"):
        fetch_json(url, allow_local=True)
    assert time.monotonic() - began < LONG
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer) and one.is_alive()]


def test_whoever_waits_for_the_same_keys_waits_for_one_fetch(
    dribbling: Callable[[bytes], int], callers: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 1)
    monkeypatch.setattr(asking, "TOTAL_SECONDS", 1)
    monkeypatch.setattr(asking, "AFTER_FAILURE", 0)  # so that each one would ask for itself
    sets = KeySets(allow_local=True)
    url = f"http://127.0.0.1:{dribbling(b'HTTP/1.1 200 OK')}/keys"
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _turn: sets.refresh(url, "key-1"), range(6)))
    assert 1 <= len(callers) <= 2, "two fetches at most, one after the other"


def test_nobody_there_is_said() -> None:
    with pytest.raises(FetchError, match="unreachable"):
        fetch_json("http://127.0.0.1:1/keys", allow_local=True)


def test_the_environment_s_proxy_is_not_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetch_json(f"{address}/good", allow_local=True) == {"keys": []}


def test_the_connection_goes_to_the_address_that_was_checked(address: str, hosts: list[str]) -> None:
    """A name that means another host the second time (DNS rebinding) is never asked a second time."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    port = address.rpartition(":")[2]
    assert fetch_json(f"http://localhost:{port}/good", allow_local=True, resolve=resolve) == {"keys": []}
    assert asked == ["localhost"]
    assert hosts == [f"localhost:{port}"]
