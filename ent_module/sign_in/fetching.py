"""Fetches a platform's JSON document without being led elsewhere.

The name is looked up once, every address that it has must be public, and the connection goes to the address that was
checked: a name that answers differently the second time (DNS rebinding) changes nothing. No redirect is followed, no
proxy or password of the environment is used, and what is too long or too slow is given up.
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from ent_module.sign_in.addresses import AddressError, check_platform_address, is_public

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 5, 8
LARGEST = 128 * 1024


class FetchError(Exception):
    """The document could not be fetched; says in a word why."""


class _Pinned(HTTPAdapter):
    """Speaks TLS with a host by its name while the connection goes to one of its addresses."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, server_hostname=self._host, assert_hostname=self._host)


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch_json(url: str, *, allow_local: bool, resolve: Callable[[str, int], list[str]] = look_up) -> Any:
    """The JSON document at that address. Raises FetchError."""
    try:
        check_platform_address(url, allow_local=allow_local)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        found = resolve(host, port)
        if not allow_local and not all(is_public(address.partition("%")[0]) for address in found):
            raise FetchError("private")
        address = found[0]
        bracketed = f"[{address}]" if ":" in address else address
        pinned = parts._replace(netloc=f"{bracketed}:{port}").geturl()
        with requests.Session() as session:
            session.trust_env = False
            session.mount("https://", _Pinned(host))
            return json.loads(_body(session, pinned, parts.netloc))
    except AddressError:
        raise FetchError("address") from None
    except (requests.RequestException, HTTPError, OSError):
        raise FetchError("unreachable") from None
    except (ValueError, RecursionError):  # not JSON, or not even text, or nested without end
        raise FetchError("content") from None


def _body(session: requests.Session, url: str, host: str) -> bytes:
    """The body of an answer 200. Uncompressed, since a small compressed body may be a huge one."""
    end = time.monotonic() + TOTAL_SECONDS
    headers = {"Host": host, "Accept": "application/json", "Accept-Encoding": "identity"}
    with session.get(
        url, headers=headers, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, stream=True
    ) as answer:
        if answer.status_code != 200:
            raise FetchError("status")
        body = b""
        while chunk := answer.raw.read1(16 * 1024, decode_content=False):
            body += chunk
            if len(body) > LARGEST:
                raise FetchError("size")
            if time.monotonic() > end:
                raise FetchError("time")
        return body
