"""A launch from beginning to end: who arrives, in which session, at which page."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from ent_module.lti import service
from ent_module.web import sessions
from tests.lti.conftest import Plugged
from tests.lti.platform import ABSENT, CLIENT_ID, CONTEXT_ROLE, DEPLOYMENT, ISSUER, query
from tests.support.town import COLLEGE, ECOLE, OTHER


def state_cookies(answer: Any) -> list[str]:
    return [line for line in answer.headers.getlist("Set-Cookie") if "ent-lti-" in line]


def test_a_pupil_arrives(plugged: Plugged) -> None:
    visit = plugged.visit()
    began = visit.begin()
    assert began.status_code == 303
    assert visit.redirect.startswith("https://moodle.example/auth.php?theme=1&")
    asked = query(visit.redirect)
    assert asked["redirect_uri"] == "https://ent.example/ent/lti/launch"
    assert (asked["login_hint"], asked["lti_message_hint"]) == ("user 12&x=1", '{"cmid": 3}')
    fixed = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
    assert fixed.items() <= asked.items()
    assert min(len(asked["state"]), len(asked["nonce"])) >= 40

    arrived = visit.end(plugged.platform.form(visit.redirect))
    assert (arrived.status_code, arrived.headers["Location"]) == (303, "/ent/")
    assert visit.browser.me()["profile"] == "pupil"
    assert visit.browser.me()["establishment"]["uai"] == COLLEGE
    page = visit.browser.get("/").text
    assert "Compte\u202f: Lina Morel" in page
    assert "6e B" in page


def test_the_login_may_be_posted(plugged: Plugged) -> None:
    visit = plugged.visit()
    answer = visit.browser.client.post("/ent/lti/login", data=plugged.platform.login())
    assert visit.end(plugged.platform.form(answer.headers["Location"])).status_code == 303


def test_the_cookie_of_a_login_binds_it_to_this_browser_for_ten_minutes(plugged: Plugged) -> None:
    visit = plugged.visit()
    (cookie,) = state_cookies(visit.begin())
    name, _equals, rest = cookie.partition("=")
    assert name.startswith("__Host-ent-lti-")
    parts = {part.strip() for part in rest.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned", "Max-Age=600"} <= parts
    (ended,) = state_cookies(visit.end(plugged.platform.form(visit.redirect)))
    assert ended.startswith(f"{name}=;")
    assert "Max-Age=0" in ended


def test_who_arrives_is_who_the_portal_has_known_before(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.launch(sub="subject-petit", roles=[f"{CONTEXT_ROLE}Instructor"], custom={"profile": "National_EVS"})
    assert visit.browser.me()["profile"] == "staff"
    assert visit.browser.me()["roles"] == ["listener"]


def test_the_language_comes_from_the_portal(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.launch(launch_presentation={"locale": "ar-MA"})
    assert 'dir="rtl"' in visit.browser.get("/").text


def test_a_fresh_session_takes_the_place_of_the_one_before(plugged: Plugged) -> None:
    """Neither a session that somebody planted nor the one of the child before is carried on."""
    visit = plugged.visit("eva")
    settings = plugged.town.house.settings
    planted = visit.browser.client.get_cookie(sessions.cookie_name(settings), path="/ent")
    assert planted is not None
    assert visit.launch().status_code == 303
    now = visit.browser.client.get_cookie(sessions.cookie_name(settings), path="/ent")
    assert now is not None
    assert now.value != planted.value
    assert "Compte\u202f: Lina Morel" in visit.browser.get("/").text
    other = plugged.visit().browser
    other.client.set_cookie(sessions.cookie_name(settings), planted.value, path="/ent")
    assert other.get("/me").status_code == 401


def test_a_launch_that_fails_shows_nothing_of_who_was_here_before(plugged: Plugged) -> None:
    visit = plugged.visit("eva")
    failed = visit.launch(sub=ABSENT)
    assert failed.status_code == 400
    assert "Eva" not in failed.text
    assert visit.browser.get("/me").status_code == 401


def test_a_stranger_s_form_does_not_end_anyone_s_session(plugged: Plugged) -> None:
    visit = plugged.visit("eva")
    answer = visit.end({"state": "never", "id_token": "x"})
    assert answer.status_code == 400
    assert "Eva" not in answer.text, "nor is it shown"
    assert visit.browser.get("/me").status_code == 200


def test_a_replay_is_refused(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    form = plugged.platform.form(visit.redirect)
    assert visit.end(form).status_code == 303
    assert visit.end(form).status_code == 400


def test_a_refused_launch_cannot_be_tried_again(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    assert visit.end(plugged.platform.form(visit.redirect, sub=ABSENT)).status_code == 400
    assert visit.end(plugged.platform.form(visit.redirect)).status_code == 400


def test_the_nonce_of_another_login_is_refused(plugged: Plugged) -> None:
    visit, other = plugged.visit(), plugged.visit()
    visit.begin()
    other.begin()
    foreign = plugged.platform.form(other.redirect) | {"state": query(visit.redirect)["state"]}
    assert visit.end(foreign).status_code == 400


def test_another_browser_is_refused(plugged: Plugged) -> None:
    visit, other = plugged.visit(), plugged.visit()
    visit.begin()
    form = plugged.platform.form(visit.redirect)
    other.begin()  # it has a cookie of its own, for another login
    assert other.end(form).status_code == 400
    assert other.browser.get("/me").status_code == 401
    assert visit.end(form).status_code == 400  # nor can that login be used any more


def test_two_logins_in_two_tabs_do_not_touch_each_other(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    first = plugged.platform.form(visit.redirect)
    visit.begin()
    second = plugged.platform.form(visit.redirect)
    assert [visit.end(form).status_code for form in (second, first)] == [303, 303]


def test_launches_at_the_same_time_with_one_state_make_one_session(app: Flask, plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    form = plugged.platform.form(visit.redirect)
    (cookie,) = [one for one in visit.browser.client._cookies.values() if one.key.startswith("__Host-")]  # type: ignore[union-attr]  # the jar is there
    at_once = Barrier(6)

    def post(_number: int) -> int:
        client = app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        at_once.wait()
        return client.post("/ent/lti/launch", data=form).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(post, range(6)))
    assert answers == [303, 400, 400, 400, 400, 400]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("https://ent.example/ent", "/ent/"),
        ("https://ent.example/ent/lti/launch", "/ent/"),
        ("https://ent.example/ent/site-map?x=1#top", "/ent/site-map?x=1#top"),
    ],
)
def test_a_launch_may_name_a_page_of_ours(plugged: Plugged, target: str, path: str) -> None:
    visit = plugged.visit()
    assert visit.launch(target_link_uri=target).headers["Location"] == path


def test_without_custom_school_the_deployment_says_it(plugged: Plugged) -> None:
    for custom in (ABSENT, {}, {"uai": ""}, {"uai": "$User.uai"}, {"uai": None}):
        visit = plugged.visit()
        assert visit.launch(custom=custom).status_code == 303, custom
        assert visit.browser.me()["establishment"]["uai"] == COLLEGE


def test_someone_of_several_schools(plugged: Plugged) -> None:
    with plugged.town.house.database.writing() as db:
        service.add_deployment(db, issuer=ISSUER, client_id=CLIENT_ID, deployment=DEPLOYMENT, establishment=OTHER)
    visit = plugged.visit()
    visit.launch(
        sub="subject-ines",
        roles=["Instructor"],
        custom={"uai": f" {OTHER.lower()} ;{COLLEGE},0599999Z", "profile": "National_ETA"},
    )
    assert visit.browser.me()["establishment"]["uai"] == OTHER
    assert visit.browser.get("/").text.count("Lucie-Aubrac") > 0


@pytest.mark.parametrize("uai", ["0599999Z", "nonsense", ";;", "' OR 1=1 --"])
def test_a_school_that_the_portal_may_not_speak_for_lets_nobody_in(plugged: Plugged, uai: str) -> None:
    visit = plugged.visit()
    refused = visit.launch(custom={"uai": uai})
    assert refused.status_code == 400
    assert "inscrit ici" in refused.text
    assert visit.browser.get("/me").status_code == 401


def test_a_deployment_names_no_school_of_another_one(plugged: Plugged) -> None:
    """The portal speaks for all schools of the town; this deployment stands for one of them."""
    refused = plugged.visit()
    assert refused.launch(sub="subject-ines", roles=["Instructor"], custom={"uai": OTHER}).status_code == 400
    assert refused.browser.get("/me").status_code == 401
    visit = plugged.visit()
    assert visit.launch(sub="subject-ines", custom={"uai": f"{OTHER};{COLLEGE}"}).status_code == 303
    assert visit.browser.me()["establishment"]["uai"] == COLLEGE
    assert visit.browser.post("/work-in", {"uai": OTHER}).status_code == 400


def test_a_class_is_of_the_school_that_it_names(plugged: Plugged) -> None:
    with plugged.town.house.database.writing() as db:
        service.add_deployment(db, issuer=ISSUER, client_id=CLIENT_ID, deployment=DEPLOYMENT, establishment=OTHER)
    visit = plugged.visit()
    classes = f"{COLLEGE}$6e B;{OTHER}$5e C;4e D;{ECOLE}$CE2"
    visit.launch(sub="someone", roles=["Instructor"], custom={"uai": f"{COLLEGE};{OTHER}", "classes": classes})
    here = visit.browser.get("/").text
    assert "6e B" in here
    for name in ("5e C", "4e D", "CE2"):
        assert name not in here, name


def test_a_class_without_its_school_does_not_move_to_the_only_one_that_is_left(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.launch(sub="someone", roles=["Instructor"], custom={"uai": f"{COLLEGE};{OTHER}", "classes": "4e D"})
    assert visit.browser.me()["establishment"]["uai"] == COLLEGE
    assert "4e D" not in visit.browser.get("/").text


def test_a_deployment_of_several_schools_never_guesses(plugged: Plugged) -> None:
    with plugged.town.house.database.writing() as db:
        service.add_deployment(db, issuer=ISSUER, client_id=CLIENT_ID, deployment=DEPLOYMENT, establishment=ECOLE)
    visit = plugged.visit()
    assert visit.launch(custom=ABSENT).status_code == 400
    assert visit.launch(custom={"uai": ECOLE}).status_code == 303
    assert visit.browser.me()["establishment"]["uai"] == ECOLE
