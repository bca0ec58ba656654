"""Several web sites on one port of this machine, by https: a portal, the module on a site of its own, and others.

The names end in `.test`, which belongs to nobody; a browser of these tests takes them for this machine.
"""

import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.lti.platform import Platform
from tests.support.server import with_slow_scripts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NAMES = ("portal", "ent", "away", "evil")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for all names, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(f"{one}.test") for one in NAMES]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "tests.crt", folder / "tests.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


class _Silent(WSGIRequestHandler):
    def log(self, *_words: Any) -> None:
        """Says nothing."""


@dataclass
class Sites:
    """What answers under each name; more may be added while they are served."""

    port: int = 0
    apps: dict[str, "WSGIApplication"] = field(default_factory=dict)

    def address(self, name: str) -> str:
        return f"https://{name}.test:{self.port}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.apps[environ["HTTP_HOST"].partition(".")[0]](environ, start_response)


@contextmanager
def serving(folder: Path) -> Iterator[Sites]:
    """The sites, served inside the block."""
    sites = Sites()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(folder))
    server = make_server("127.0.0.1", 0, with_slow_scripts(sites), threaded=True, request_handler=_Silent)
    # A browser also opens connections on which it says nothing yet: the handshake is left to each one's own thread.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.ssl_context = context
    sites.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sites
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def portal(platform: Platform, tool: str) -> Flask:
    """A portal that shows the module in a frame of its page. It knows its people by a cookie of its own."""
    app = Flask("portal")

    @app.get("/as/<who>")
    def sign_in(who: str) -> ResponseReturnValue:
        answer = redirect("/")
        answer.set_cookie("who", who, secure=True, httponly=True, samesite="Lax")
        return answer

    @app.get("/")
    def menu() -> str:
        asked = urlencode(platform.login(target_link_uri=f"{tool}/ent/", login_hint=request.cookies["who"]))
        kept = "<script>localStorage.setItem('portal', 'kept')</script>"
        return f'{kept}<h1>Portail</h1><iframe name="tool" width="900" height="700" src="{tool}/ent/lti/login?{asked}">'

    @app.get("/auth")
    def auth() -> ResponseReturnValue:
        who = request.cookies.get("who")
        if who is None:
            return "sign in at the portal first", 401
        form = platform.form(request.url, sub=f"subject-{who}", name=who.title(), target_link_uri=f"{tool}/ent/")
        return form_page(request.args["redirect_uri"], form)

    return app


def evil(ent: str) -> Flask:
    """A site that frames whom it likes, and makes its visitors' browsers send what it likes."""
    app = Flask("evil")
    app.add_url_rule("/frame", "frame", lambda: f'<iframe name="tool" src="{ent}/ent/using"></iframe>')
    app.add_url_rule("/send", "send", lambda: form_page(f"{ent}/ent/tab/open", request.args))
    return app


def away() -> Flask:
    """Where quick exit leads."""
    app = Flask("away")
    app.add_url_rule("/", "weather", lambda: make_response("<h1>Météo</h1>"))
    return app


def form_page(action: str, values: Any) -> str:
    """A page that sends its form by itself."""
    fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in values.items())
    return f'<form method="post" action="{action}">{fields}</form><script>document.forms[0].submit()</script>'


def without_partitions(app: "WSGIApplication") -> "WSGIApplication":
    """The same answers for a browser that does not know partitioned cookies, and so keeps none in a frame."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            known = [(name, value.replace("; Partitioned", "")) for name, value in headers]
            return start_response(status, known, *more)

        return app(environ, start)

    return serve
