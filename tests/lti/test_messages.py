"""Good and bad messages: 1EdTech's certification cases, and what libraries are known to accept or refuse wrongly.

Each case is launched as a teacher and as a pupil, on one application: a refusal must leave nothing behind for the next.
"""

import json

import pytest

from ent_module.identity import service as identity
from tests.lti.cases import AS, CERTIFIED_BAD, GOOD, OPEN_REDIRECTS, STRICT, WRONGLY_ACCEPTED
from tests.lti.conftest import Plugged
from tests.lti.platform import CLAIM, query, signed
from tests.support.town import COLLEGE


@pytest.mark.parametrize("who", AS)
def test_bad_claims_are_refused(plugged: Plugged, who: str, subtests: pytest.Subtests) -> None:
    for name, changed in {**CERTIFIED_BAD, **WRONGLY_ACCEPTED, **STRICT}.items():
        with subtests.test(name):
            visit = plugged.visit()
            answer = visit.launch(**{**AS[who], **changed})
            assert answer.status_code == 400
            assert visit.browser.get("/me").status_code == 401


@pytest.mark.parametrize("who", AS)
def test_good_claims_are_accepted(plugged: Plugged, who: str, subtests: pytest.Subtests) -> None:
    for name, changed in GOOD.items():
        with subtests.test(name):
            message = {**AS[who], **changed}
            message["roles"] = message["roles"] + message.pop("roles+", [])
            visit = plugged.visit()
            assert visit.launch(**message).status_code == 303
            assert visit.browser.me()["profile"] == who


@pytest.mark.parametrize(
    ("roles", "profile"),
    [
        (["Learner"], "pupil"),
        (["Instructor"], "teacher"),
        ([""], "visitor"),
        ([], "visitor"),
        (["#None"], "visitor"),
    ],
)
def test_short_and_missing_roles(plugged: Plugged, roles: list[str], profile: str) -> None:
    visit = plugged.visit()
    assert visit.launch(roles=roles, custom={"uai": "0590001B", "profile": "National_DIR"}).status_code == 303
    assert visit.browser.me() | {"profile": profile, "roles": []} == visit.browser.me()


def test_someone_of_an_unknown_role_may_be_a_child_whose_name_is_not_kept(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.launch(roles=[], sub="someone-new", name="Ada Nobody")
    assert visit.browser.me()["profile"] == "visitor"
    assert "Ada" not in visit.browser.get("/").text
    with plugged.town.house.database.reading() as db:
        assert "Ada Nobody" not in [one.name for one in identity.adults(db, plugged.town.schools[COLLEGE])]


def test_someone_of_an_unknown_role_finds_the_numbers_and_no_door(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.launch(roles=[], sub="someone-new")
    page = visit.browser.get("/").text
    assert 'href="tel:3018"' in page
    assert "Le portail ne dit pas" in page
    assert "tile" not in page
    for path in ("/read", "/help", "/surveys", "/staff/read", "/staff/lessons", "/staff/settings", "/staff/desk"):
        assert visit.browser.get(path).status_code in {403, 404}, path


def test_open_redirects_are_refused_in_login_and_launch(plugged: Plugged, subtests: pytest.Subtests) -> None:
    for target in OPEN_REDIRECTS:
        with subtests.test(ascii(target)):
            visit = plugged.visit()
            assert visit.launch(target_link_uri=target).status_code == 400
            if target.isprintable():
                assert visit.begin(target_link_uri=target).status_code == 400


def test_the_platform_s_refusal_is_a_page(plugged: Plugged) -> None:
    visit = plugged.visit("eva")
    visit.begin()
    state = query(visit.redirect)["state"]
    answer = visit.end({"state": state, "error": "login_required", "error_description": "CANARY<b>"})
    assert answer.status_code == 400
    assert "Le portail n’a pas donné la connexion" in answer.text
    assert "CANARY" not in answer.text
    assert visit.end({"error": "login_required"}).status_code == 400
    assert visit.end(plugged.platform.form(visit.redirect)).status_code == 400, "the login has ended"


def test_a_refusal_speaks_the_reader_s_language_and_reflects_nothing(
    plugged: Plugged, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, words in (("en", "from the portal’s menu"), ("ar", 'dir="rtl"'), ("fr", "depuis le menu du portail")):
        visit = plugged.visit()
        visit.begin(login_hint="CANARY-hint")
        spoilt = {"name": "CANARY-name", "sub": "CANARY-sub", "custom": {"uai": "CANARY"}, "version": "CANARY"}
        form = plugged.platform.form(visit.redirect, **spoilt) | {"message": "CANARY-field", "CANARY": "x"}
        answer = visit.browser.client.post("/ent/lti/launch", data=form, headers={"Accept-Language": language})
        assert answer.status_code == 400
        assert words in answer.text
        assert f'lang="{language}"' in answer.text
        for sent in ("CANARY", form["state"], form["id_token"]):
            assert sent not in answer.text
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    refused = [line for line in logged if line["event"] == "lti refused"]
    assert [line["reason"] for line in refused] == ["version"] * 3
    assert {*refused[0]} == {"event", "reason", "request_id", "level", "timestamp"}
    assert "CANARY" not in json.dumps(logged)


def test_claims_beside_the_known_ones_are_allowed(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.begin()
    asked = query(visit.redirect)
    claims = plugged.platform.claims(asked["nonce"]) | {f"{CLAIM}lis": {"person_sourcedid": "x"}, "auth_time": 1}
    token = signed(claims, header={"x-new": "header"})
    assert visit.end({"id_token": token, "state": asked["state"]}).status_code == 303
