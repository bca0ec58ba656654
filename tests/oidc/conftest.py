"""The town plugged into a realm of a real Keycloak, and browsers whose people sign in there."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from ent_module.sign_in.oidc import portals
from ent_module.sign_in.oidc.portals import OidcPortal
from ent_module.sign_in.oidc.provider import Providers
from tests.oidc.liar import Liar, running
from tests.support.keycloak import CLIENT_ID, PASSWORD, SECRET, Keycloak, Realm
from tests.support.town import COLLEGE, ECOLE, OTHER, Browser, Town


@pytest.fixture(scope="session")
def realm(keycloak_server: Keycloak) -> Realm:
    """A realm for tests that change nothing in it, at the address of the tests' module."""
    return keycloak_server.realm("https://ent.example")


@dataclass
class Visit:
    """One browser: ours is the test client, Keycloak's a session of requests."""

    browser: Browser
    portal: OidcPortal
    there: requests.Session = field(default_factory=requests.Session)

    def path(self, rest: str = "") -> str:
        return f"/sign-in/{self.portal.id}{rest}"

    def begin(self, query: str = "") -> TestResponse:
        """Our way out to Keycloak."""
        return self.browser.get(f"{self.path()}{query}")

    def at_keycloak(self, address: str, name: str) -> str:
        """Signs in at Keycloak by its own form; returns the address to which it sends the browser back."""
        page = self._there("GET", address)
        if page.status_code == 302:  # still signed in there, or refused
            return str(page.headers["Location"])
        assert page.status_code == 200, page.text[:500]
        action = re.search(r'action="([^"]+)"', page.text)
        assert action, page.text[:500]
        typed = {"username": name, "password": PASSWORD, "credentialId": ""}
        sent = self._there("POST", html.unescape(action[1]), typed)
        assert sent.status_code == 302, sent.text[:2000]
        return str(sent.headers["Location"])

    def _there(self, method: str, address: str, typed: dict[str, str] | None = None) -> requests.Response:
        for cookie in self.there.cookies:
            cookie.secure = False  # browsers send secure cookies to this machine by plain http too
        return self.there.request(method, address, data=typed, allow_redirects=False, timeout=60)

    def back(self, address: str) -> TestResponse:
        """The browser follows Keycloak's redirect to us."""
        parts = urlsplit(address)
        assert parts.path.startswith("/ent/"), address
        return self.browser.get(f"{parts.path.removeprefix('/ent')}?{parts.query}")

    def sign_in(self, name: str, query: str = "") -> TestResponse:
        """The whole way."""
        return self.back(self.at_keycloak(self.begin(query).headers["Location"], name))


@dataclass
class Plugged:
    """The town, plugged into the realm."""

    town: Town
    realm: Realm
    portal: OidcPortal

    def visit(self, name: str | None = None) -> Visit:
        """A fresh browser, in which that person may have been signed in before, by another portal."""
        return Visit(self.town.browser(name), self.portal)


def plug(town: Town, issuer: str, **changed: Any) -> OidcPortal:
    """Registers a portal. It is on this machine, which is allowed, and nothing else differs from production."""
    local = replace(town.house.settings, public_url="http://127.0.0.1", allow_local_portals=True)
    town.app.extensions.setdefault("ent_oidc", Providers(allow_local=True))
    values = {"name": "ENT du Nord", "client_id": CLIENT_ID, "secret": SECRET, "uais": (COLLEGE, OTHER, ECOLE)}
    with town.house.database.writing() as db:
        return portals.register(db, town.house.keys, local, issuer=issuer, **(values | changed))


@pytest.fixture
def plugged(town: Town, realm: Realm) -> Plugged:
    return Plugged(town, realm, plug(town, realm.issuer))


@pytest.fixture
def reached(serve_town: Callable[..., Town], keycloak_server: Keycloak) -> Callable[..., Plugged]:
    """`reached()` is the town at an address that Keycloak reaches, in a realm of its own."""

    def make(host: str = "127.0.0.1") -> Plugged:
        town = serve_town(host, allow_local_portals=True)
        address = town.house.settings.public_url
        realm = keycloak_server.realm(address)
        portal = plug(town, realm.issuer)
        realm.tells_logouts_to(f"{address}/ent/sign-in/{portal.id}/back-channel")
        return Plugged(town, realm, portal)

    return make


@pytest.fixture
def liar() -> Iterator[Liar]:
    """A portal that lies."""
    with running() as made:
        yield made
