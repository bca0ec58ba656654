"""Fetching from a platform without being led elsewhere. Servers are real, and all on this machine."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from ent_module.sign_in import asking, fetching
from ent_module.sign_in.addresses import AddressError, check_platform_address, is_public
from ent_module.sign_in.fetching import FetchError, fetch_json, guard
from ent_module.sign_in.keysets import KeySets
from tests.lti.platform import private_key
from tests.support.server import Handler, handling


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
        time.sleep(1)


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


@pytest.mark.parametrize(("path", "why"), [("endless", "time"), ("silent", "unreachable")])
def test_slow_answers_are_given_up(address: str, path: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.4)
    began = time.monotonic()
    with pytest.raises(FetchError, match=why):
        fetch_json(f"{address}/{path}", allow_local=True)
    assert time.monotonic() - began < 5


@pytest.fixture
def dribbling() -> Iterator[Callable[[bytes], int]]:
    """A server that begins with these bytes and goes on with one more each moment, for some seconds. Gives its port."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def serve(listening: socket.socket, start: bytes) -> None:
        while not stop.is_set():
            try:
                connection, _address = listening.accept()
            except TimeoutError:
                continue
            with connection, suppress(OSError):
                connection.sendall(start)
                for _turn in range(150):
                    if stop.wait(0.02):
                        break
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
    assert time.monotonic() - began < 2
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer) and one.is_alive()]


def test_whoever_waits_for_the_same_keys_waits_for_one_fetch(
    dribbling: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.5)
    monkeypatch.setattr(asking, "TOTAL_SECONDS", 0.5)
    monkeypatch.setattr(asking, "AFTER_FAILURE", 0)  # so that each one would ask for itself
    sets = KeySets(allow_local=True)
    url = f"http://127.0.0.1:{dribbling(b'HTTP/1.1 200 OK')}/keys"
    began = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _turn: sets.refresh(url, "key-1"), range(6)))
    assert time.monotonic() - began < 1.8, "two fetches at most, one after the other"


def test_nobody_there_is_said() -> None:
    with pytest.raises(FetchError, match="unreachable"):
        fetch_json("http://127.0.0.1:1/keys", allow_local=True)


def test_the_environment_s_proxy_is_not_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetch_json(f"{address}/good", allow_local=True) == {"keys": []}


LOCAL = (
    "http://platform.example/",
    "https://localhost/",
    "https://a.localhost/",
    "https://127.0.0.1/",
    "https://10.1.2.3/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "file:///etc/passwd",
    "ftp://platform.example/",
    "https://user:secret@platform.example/",
    "https://platform.example/#x",
    "https://platform.example/a b",
    "https://platform.example;script-src/",
    "https://platform.example\r\nX: y/",
    "https://platform.example:99999/",
    "https:///keys",
    "platform.example",
    "",
)


@pytest.mark.parametrize("url", LOCAL)
def test_addresses_that_no_platform_has_are_refused(url: str) -> None:
    with pytest.raises(AddressError):
        check_platform_address(url, allow_local=False)
    with pytest.raises(FetchError, match="address"):
        fetch_json(url, allow_local=False)


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["::ffff:192.168.0.1"],
        ["64:ff9b::a00:1"],
        ["2002:a00:1::"],
        ["100.64.0.1"],
        ["240.0.0.1"],
        ["fec0::1"],
        ["ff02::1"],
        ["2001:db8::1"],
        ["::"],
    ],
)
def test_a_name_with_any_private_address_is_refused(found: list[str]) -> None:
    with pytest.raises(FetchError, match="private"):
        fetch_json("https://platform.example/keys", allow_local=False, resolve=lambda _host, _port: found)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


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


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for that name, signed by itself, and its key."""
    key = private_key("tls")
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Callable[[], tuple[str, Path]]]:
    """A server with a certificate for `platform.example` on this machine."""
    certificate, key = _certificate(tmp_path, "platform.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Server,), {"hosts": []}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield lambda: (f"https://127.0.0.1:{server.server_port}/good", certificate)
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_certificate_must_be_the_name_s_though_the_connection_goes_to_an_address(
    https: Callable[[], tuple[str, Path]],
) -> None:
    url, trusted = https()
    for name, holds in (("platform.example", True), ("other.example", False)):
        named = url.replace("127.0.0.1", name)
        with guard(requests.Session(), allow_local=True, resolve=lambda _host, _port: ["127.0.0.1"]) as session:
            session.verify = str(trusted)
            if holds:
                assert session.get(named).content == b'{"keys": []}'
            else:
                with pytest.raises(FetchError, match="unreachable"):
                    session.get(named)


def test_a_certificate_that_nobody_trusts_is_refused(https: Callable[[], tuple[str, Path]]) -> None:
    url, _trusted = https()
    with pytest.raises(FetchError, match="unreachable"):
        fetch_json(url, allow_local=True)


def test_every_private_network_is_known() -> None:
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16"):
        assert not is_public(str(ipaddress.ip_network(network)[7]))
