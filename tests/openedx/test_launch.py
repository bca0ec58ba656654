"""Launches by Open edX's real platform code: it sends `azp`, role URIs that end in `#None`, no role as an empty list,
teachers as administrators, and the launch address itself as the target."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from ent_module.identity import service as identity
from ent_module.lti import service
from ent_module.sign_in.keysets import KeySets
from tests.support.openedx import OpenEdx
from tests.support.town import COLLEGE, OTHER, Browser, Town

pytestmark = pytest.mark.openedx

LOGIN, LAUNCH = "https://ent.example/ent/lti/login", "https://ent.example/ent/lti/launch"
Launch = Callable[..., tuple[Browser, TestResponse]]


@pytest.fixture
def launch(town: Town, open_edx: OpenEdx) -> Launch:
    """Launches someone from Open edX in a fresh browser: (user, role, more) → the browser and our answer."""
    known = open_edx.register(LOGIN, LAUNCH)
    local = replace(town.house.settings, public_url="http://127.0.0.1", allow_local_portals=True)
    with town.house.database.writing() as db:
        service.register(
            db,
            local,
            name="Open edX",
            issuer=known["issuer"],
            client_id=known["client_id"],
            auth_url=known["auth_url"],
            token_url=known["token_url"],
            jwks_url=known["jwks_url"],
            deployment=known["deployment_id"],
            establishment=COLLEGE,
        )
    town.app.extensions["ent_lti_keys"] = KeySets(allow_local=True)

    def launched(user: str, role: str | None, **more: Any) -> tuple[Browser, TestResponse]:
        browser = town.browser()
        begun = browser.client.get(_local(open_edx.preflight(user, role, **more)))
        assert begun.status_code == 303
        action, form = open_edx.launch(begun.headers["Location"])
        assert action == LAUNCH
        answer = browser.client.post(_local(action), data=form)
        assert browser.client.post(_local(action), data=form).status_code == 400, "a replay"
        return browser, answer

    return launched


def _local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize(
    ("role", "profile"),
    [
        ("student", "pupil"),
        ("Community TA", "pupil"),
        ("instructor", "teacher"),
        ("staff", "teacher"),
        ("global_staff", "teacher"),
        (None, "visitor"),
    ],
)
def test_everyone_arrives_as_what_they_are(launch: Launch, role: str | None, profile: str) -> None:
    browser, answer = launch("user-1", role, name="Lina Morel", context_id="6b", context_title="6e B")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ent/")
    me = browser.me()
    assert (me["profile"], me["roles"], me["establishment"]["uai"]) == (profile, [], COLLEGE)
    assert ("Lina Morel" in browser.get("/").text) == (role is not None)


def test_custom_parameters_arrive(launch: Launch, town: Town) -> None:
    with town.house.database.writing() as db:
        known = next(one for one in service.described(db, _portal(town)) if one.startswith("issuer"))
        issuer, client_id = known.removeprefix("issuer ").split(", client id ")
        service.add_deployment(db, issuer=issuer, client_id=client_id, deployment="1", establishment=OTHER)
    _browser, refused = launch("user-1", "instructor")
    assert refused.status_code == 400, "two schools, and none is named"
    browser, _answer = launch(
        "user-1", "instructor", custom_parameters={"uai": OTHER, "profile": "National_DIR", "classes": "6e A"}
    )
    me = browser.me()
    assert me["establishment"]["uai"] == OTHER
    assert me["profile"] == "management", "Open edX calls this one Administrator, and the portal says head"


def _portal(town: Town) -> Any:
    with town.house.database.reading() as db:
        return next(one.id for one in identity.portals(db) if one.name == "Open edX")


def test_a_new_key_is_accepted_while_the_old_one_is_cached(launch: Launch, open_edx: OpenEdx) -> None:
    assert launch("user-1", "student")[1].status_code == 303
    open_edx.rotate()
    assert launch("user-1", "student")[1].status_code == 303
