"""A platform's certificate is checked, though the connection goes to an address. Servers are real, on this machine."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from ent_module.sign_in.fetching import FetchError, fetch_json, guard
from tests.lti.platform import private_key
from tests.support.server import Handler


class Empty(Handler):
    """A platform that has no keys."""

    def hear(self, _form: dict[str, str] | None) -> None:
        self.answer(200, b'{"keys": []}')


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
    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
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
