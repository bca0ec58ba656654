"""A pupil in any host: launched from the tests' own platform, then what a pupil comes for."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.test import Client, TestResponse

from ent_module.lti import service
from ent_module.sign_in.keysets import KeySets
from tests.lti.platform import CLIENT_ID, DEPLOYMENT, ISSUER, Platform, with_query
from tests.support.forms import form
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import Voter, started
from tests.surveys.pages import blinded_token

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ORIGIN = "https://ent.example"


@dataclass
class Pupil:
    """A browser at `home`, the module's address without its last slash."""

    client: Client
    platform: Platform
    home: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"{self.home}{path}", base_url=ORIGIN, buffered=True)

    def send(self, path: str, values: dict[str, Any]) -> TestResponse:
        return self.client.post(path, data=values, base_url=ORIGIN, buffered=True)

    def fill(self, path: str, values: dict[str, Any], having: str) -> TestResponse:
        """Fills in the form of a page and sends it to where it says."""
        opened = self.get(path)
        assert opened.status_code == 200, (path, opened.status_code)
        found = form(opened.text, having)
        return self.send(found.action or f"{self.home}{path}", {**found.values, **values})

    def launch(self) -> TestResponse:
        """Through the platform to the page where it ends; every redirect stays on our origin."""
        began = self.get(with_query("/lti/login", self.platform.login(target_link_uri=f"{ORIGIN}{self.home}/")))
        assert began.status_code == 303, began.text
        message = self.platform.form(began.headers["Location"], target_link_uri=f"{ORIGIN}{self.home}/")
        arrived = self.send(f"{self.home}/lti/launch", message)
        assert arrived.status_code == 303, arrived.text
        where = urlsplit(arrived.headers["Location"])
        assert not where.netloc
        return self.client.get(where.path, query_string=where.query, base_url=ORIGIN, buffered=True)


def pupil(town: Town, app: "WSGIApplication", platform: Platform, home: str = "/ent") -> Pupil:
    """A pupil's browser at the host; the town's portal is the tests' platform."""
    plug(town, platform, f"{ISSUER}/auth")
    return Pupil(Client(app), platform, home)


def plug(town: Town, platform: Platform, auth_url: str) -> None:
    """Makes the tests' platform the town's portal, whose pages live where that address is."""
    settings = town.house.settings
    with town.house.database.writing() as db:
        service.register(
            db,
            settings,
            name="Portail",
            issuer=ISSUER,
            client_id=CLIENT_ID,
            auth_url=auth_url,
            token_url=f"{ISSUER}/token",
            jwks_url=f"{ISSUER}/keys",
            deployment=DEPLOYMENT,
            establishment=COLLEGE,
        )
    # The one thing that differs from production: the platform's keys are served on this machine.
    keys = KeySets(allow_local=True, fetch=lambda _url, **_how: platform.jwks())
    town.app.extensions["ent_lti_keys"] = keys


def walk(town: Town, lina: Pupil) -> None:
    """Arrives, is greeted by name in French, writes, and answers a questionnaire; all of it is in the database."""
    campaign = started(town, "6e B")
    greeted = lina.launch()
    assert greeted.status_code == 200
    assert "Compte\u202f: Lina Morel" in greeted.text
    assert "Quitter vite" in greeted.text
    assert "HOST" not in greeted.text
    assert "frame-ancestors 'self' https://" in greeted.headers["Content-Security-Policy"]
    for asset in ("web/ent.css", "web/leave.js"):
        address = greeted.text.partition(asset)[0].rpartition('"')[2] + asset
        assert address.startswith(f"{lina.home}/static/"), address
        served = lina.client.get(address, base_url=ORIGIN, buffered=True)
        assert (served.status_code, served.headers["Cache-Control"].rpartition(" ")[2]) == (200, "immutable")
    written = lina.fill("/write", {"message": "On me suit." * 30, "answer": "here-named"}, "message")
    assert "message est arrivé" in written.text, written.text
    page = f"/surveys/{campaign.id}/questions"
    asked = lina.get(page).text
    for name, address in (("data-token", f"{lina.home}/surveys/"), ("data-pool", f"{lina.home}-ballots/pool/")):
        assert f'{name}="{address}' in asked, asked
    csrf = re.findall('name="csrf_token" value="([^"]*)"', asked)[0]
    headers = {"X-CSRF-Token": csrf, "Content-Type": "application/octet-stream"}
    way = f"{lina.home}/surveys/{campaign.id}/token"
    signed = lina.client.post(way, data=blinded_token(), headers=headers, base_url=ORIGIN, buffered=True)
    assert (signed.status_code, len(signed.data)) == (200, 384), signed.text
    body, pool = Voter.of(town, campaign).body({"bullied": ["never"]}), re.findall('data-pool="([^"]*)"', asked)[0]
    sent = Client(lina.client.application).post(pool, data=body, base_url=ORIGIN, buffered=True)
    assert sent.status_code == 204, sent.text
    token = form(lina.get("/write").text, "message").values["csrf_token"][0]
    chosen = lina.send(f"{lina.home}/language", {"csrf_token": token, "language": "en", "back": f"{lina.home}/using"})
    assert chosen.headers["Location"] == f"{lina.home}/using"
    assert "Leave fast" in lina.get("/using").text
    left = lina.get("/leave")
    assert left.status_code == 303
    assert lina.get("/me").status_code == 401
