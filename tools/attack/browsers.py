"""Browsers that speak HTTP over sockets to whoever serves the application (`tests.support.server`)."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "ent.example"
_FORM = "application/x-www-form-urlencoded"
_PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What a server answers."""

    status: int
    data: bytes

    @property
    def text(self) -> str:
        """A page."""
        return self.data.decode()


@dataclass
class Browser:
    """One browser, with the cookie of whoever is signed in, if any; each request comes on a connection of its own."""

    server: str
    """`127.0.0.1:port`."""
    cookie: str = ""

    def get(self, path: str) -> Answer:
        """Opens a page."""
        return self._ask("GET", path, b"", {})

    def send(self, path: str, form: Mapping[str, object]) -> Answer:
        """Sends a form."""
        return self._ask("POST", path, urlencode(form, doseq=True).encode(), {"Content-Type": _FORM})

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Sends octets, as a script does."""
        return self._ask("POST", path, body, {"Content-Type": "application/octet-stream", **(headers or {})})

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        ours = {"Host": HOST, "Connection": "close", **({"Cookie": self.cookie} if self.cookie else {}), **headers}
        connection = http.client.HTTPConnection(self.server, timeout=_PATIENCE)
        try:
            connection.request(method, path, body or None, ours)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        finally:
            connection.close()
