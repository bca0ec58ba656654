"""The town's portal registered as an LTI platform, and browsers that come from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ent_module.lti import service
from ent_module.sign_in.keysets import KeySets
from tests.lti.platform import CLIENT_ID, DEPLOYMENT, ISSUER, Platform, running, with_query
from tests.support.town import COLLEGE, Browser, Town


class Clock:
    """Seconds, as many as the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Visit:
    """One browser that is launched from the platform."""

    browser: Browser
    platform: Platform
    redirect: str = ""

    def begin(self, **changed: Any) -> TestResponse:
        """The platform sends the browser to our login; the browser is sent back."""
        answer = self.browser.get(with_query("/lti/login", self.platform.login(**changed)))
        self.redirect = answer.headers.get("Location", "")
        return answer

    def end(self, form: dict[str, str]) -> TestResponse:
        """The browser posts the platform's form."""
        return self.browser.client.post("/ent/lti/launch", data=form)

    def launch(self, **changed: Any) -> TestResponse:
        """A whole launch, with a message that the test may spoil."""
        self.begin()
        return self.end(self.platform.form(self.redirect, **changed))


@dataclass
class Plugged:
    """The town, plugged into the platform."""

    town: Town
    platform: Platform
    clock: Clock

    def visit(self, name: str | None = None) -> Visit:
        """A fresh browser, in which that person may have been signed in before."""
        return Visit(self.town.browser(name), self.platform)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as made:
        yield made


@pytest.fixture
def plugged(town: Town, platform: Platform) -> Plugged:
    """Keys are served on this machine, so fetching from there is allowed, and nothing else differs from production."""
    local = replace(town.house.settings, public_url="http://127.0.0.1", allow_local_portals=True)
    with town.house.database.writing() as db:
        service.register(
            db,
            local,
            name="Portail",
            issuer=ISSUER,
            client_id=CLIENT_ID,
            auth_url="https://moodle.example/auth.php?theme=1",
            token_url="https://moodle.example/token.php",
            jwks_url=platform.jwks_url,
            deployment=DEPLOYMENT,
            establishment=COLLEGE,
        )
    clock = Clock()
    town.app.extensions["ent_lti_keys"] = KeySets(allow_local=True, clock=clock)
    return Plugged(town, platform, clock)
