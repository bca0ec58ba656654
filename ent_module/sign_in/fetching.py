"""Calls a portal without being led elsewhere.

The name is looked up once, every address that it has must be public, and the connection goes to the address that was
checked: a name that answers differently the second time (DNS rebinding) changes nothing. No redirect is followed, no
proxy or password of the environment is used. What is too long is given up, and so is what has not come to its end
within one deadline, from looking up the name to the last byte, be it sent one byte at a time. `guard` puts all of this
into the session of any library that speaks by `requests`.
"""

import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from ent_module.sign_in.addresses import AddressError, check_platform_address, is_public

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 5, 8
LARGEST = 128 * 1024
Resolve = Callable[[str, int], list[str]]
Result = TypeVar("Result")
AnySession = TypeVar("AnySession", bound=requests.Session)
_now = threading.local()
"""`deadline`: that of the call which this thread makes."""


class FetchError(Exception):
    """The portal could not be asked; says in a word why."""


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _Deadline:
    """Cuts the connections of one call when its time is over: a timeout of a socket begins anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._end = time.monotonic() + seconds
        self._ends: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _now.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        _now.deadline = None
        self._timer.cancel()
        self._timer.join()  # at once; it may be cutting just now
        for end in self._ends:
            end.close()

    def watch(self, connection: socket.socket) -> None:
        """Will cut that one. A second handle on it, since TLS takes the first away."""
        self._ends.append(connection.dup())
        if self.over:
            self._cut()

    def in_time(self, work: Callable[[], Result]) -> Result:
        """What that work gives, or raises. Work that cannot be cut is left behind, in a thread of its own.

        Raises FetchError when the time is over.
        """
        found: Future[Result] = Future()
        threading.Thread(target=_do, args=(found, work), daemon=True).start()
        wait([found], timeout=self._end - time.monotonic())
        if not found.done():
            raise FetchError("time")
        return found.result()

    def _cut(self) -> None:
        self.over = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _do(found: "Future[Result]", work: Callable[[], Result]) -> None:
    try:
        found.set_result(work())
    except Exception as error:  # noqa: BLE001  # for whoever waits
        found.set_exception(error)


class _Watched(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        _now.deadline.watch(made)
        return made


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class _Careful(HTTPAdapter):
    """Speaks with a host by its name while the connection goes to one of its addresses, which was checked."""

    def __init__(self, *, allow_local: bool, resolve: Resolve) -> None:
        self._allow_local = allow_local
        self._resolve = resolve
        super().__init__()
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def send(self, request: requests.PreparedRequest, *_ignored: Any, **options: Any) -> requests.Response:
        """The answer with its body, whatever the caller wanted of timeouts and streams. Raises FetchError."""
        url = str(request.url)
        try:
            check_platform_address(url, allow_local=self._allow_local)
        except AddressError:
            raise FetchError("address") from None
        # Closed after each answer: a connection that is used again would have no deadline.
        own = {"Host": urlsplit(url).netloc, "Accept-Encoding": "identity", "Connection": "close"}
        request.headers.update(own)
        options |= {"stream": True, "timeout": (CONNECT_SECONDS, READ_SECONDS), "proxies": None}
        with _Deadline(TOTAL_SECONDS) as deadline:
            try:
                with super().send(request, **options) as answer:
                    if answer.is_redirect:
                        raise FetchError("status")
                    answer._content = _body(answer)  # noqa: SLF001  # as `Response.content` itself would set it
            except (requests.RequestException, HTTPError, OSError):
                raise FetchError("time" if deadline.over else "unreachable") from None
            if deadline.over:
                raise FetchError("time")  # an answer that was cut may look like one that ended
        return answer

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Where the connection goes; over TLS the certificate must still be the name's."""
        found: Any = super().build_connection_pool_key_attributes(request, verify, cert)
        where, tls = found
        name, over_tls = where["host"], where["scheme"] == "https"
        if over_tls:
            tls = {**tls, "server_hostname": name, "assert_hostname": name}
        port = where["port"] or (443 if over_tls else 80)
        return {**where, "port": port, "host": self._checked(name.strip("[]"), port)}, tls

    def _checked(self, name: str, port: int) -> str:
        # The system's resolver knows no deadline, and a name server that is silent holds it for half a minute.
        found: list[str] = _now.deadline.in_time(lambda: self._resolve(name, port))
        if not self._allow_local and not all(is_public(address.partition("%")[0]) for address in found):
            raise FetchError("private")
        return found[0]


def _body(answer: requests.Response) -> bytes:
    """The body, as it was sent: a small compressed one may be a huge one."""
    body = b""
    while chunk := answer.raw.read1(16 * 1024, decode_content=False):
        body += chunk
        if len(body) > LARGEST:
            raise FetchError("size")
    return body


def guard(session: AnySession, *, allow_local: bool, resolve: Resolve = look_up) -> AnySession:
    """Makes a session careful: whatever it calls, it raises FetchError where that cannot be done safely."""
    session.trust_env = False
    session.adapters.clear()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Careful(allow_local=allow_local, resolve=resolve))
    return session


def fetch_json(url: str, *, allow_local: bool, resolve: Resolve = look_up) -> Any:
    """The JSON document at that address. Raises FetchError."""
    try:
        check_platform_address(url, allow_local=allow_local)
        with guard(requests.Session(), allow_local=allow_local, resolve=resolve) as session:
            answer = session.get(url, headers={"Accept": "application/json"})
        if answer.status_code != 200:
            raise FetchError("status")
        return json.loads(answer.content)
    except AddressError:
        raise FetchError("address") from None
    except requests.RequestException:
        raise FetchError("unreachable") from None
    except (ValueError, RecursionError):  # not JSON, or not even text, or nested without end
        raise FetchError("content") from None
