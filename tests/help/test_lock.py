"""The lock of the desk: a portal's password alone opens nothing there, and what somebody typed comes through it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ent_module.identity import one_time, second_factor
from ent_module.identity.second_factor import LIMIT
from ent_module.identity.tables import SecondFactor
from ent_module.privacy.tables import AuditLine
from ent_module.web import lately, sessions
from tests.help.devices import CODE, DESK, Device, enrol, give, locked
from tests.help.steps import MESSAGE, act, on_desk, step_on, token_on, write
from tests.support.database import every_byte, everything
from tests.support.town import COLLEGE, Browser, Town
from tests.test_every_endpoint import address_of


@pytest.fixture
def closed(town: Town) -> Town:
    return locked(town)


# --- The lock ---------------------------------------------------------------------------------------------------------


def test_every_page_of_the_desk_is_locked_or_says_why_not(closed: Town) -> None:
    """Whoever adds a page need not think of it."""
    for name, entry in closed.house.declared.items():
        if name.startswith("ent_help_staff."):
            assert (entry.guard is None) == bool(entry.unguarded), name
    decisions = {"device", "propose", "act"}
    assert all(closed.house.declared[f"ent_setup_staff.{one}"].guard for one in decisions)


@pytest.mark.parametrize("who", ["petit", "nurse", "referent"])
def test_a_portal_password_alone_opens_nothing(closed: Town, who: str) -> None:
    """Somebody signs in as a colleague whose password was renewed: with a device enrolled, nothing opens."""
    written = write(closed)
    enrol(closed.browser(who))
    stolen = closed.browser(who)
    ours = [rule for rule in closed.app.url_map.iter_rules() if rule.endpoint.startswith("ent_help_staff.")]
    for rule in ours:
        for method in {"GET", "POST"} & (rule.methods or set()):
            if closed.house.declared[rule.endpoint].guard is None:
                continue
            path = address_of(closed, rule, method)
            for one in (path, path.replace(path.split("/")[3], str(written.id)) if "desk/" in path else path):
                answer = stolen.get(one) if method == "GET" else stolen.post(one)
                assert answer.status_code in {403, 404}, (rule.endpoint, method)
                assert MESSAGE not in answer.text
                assert str(written.id) not in answer.text.replace(one, "")
    assert "S’ouvre avec votre code" in stolen.get("/").text


def test_the_home_page_says_no_number_before_the_code(closed: Town) -> None:
    browser = closed.browser("petit")
    before = browser.get("/").text
    write(closed)
    assert browser.get("/").text.count("message") == before.count("message")
    enrol(browser)
    assert "S’ouvre avec votre code" not in browser.get("/").text


def test_enrolled_once_it_asks_once_a_session(closed: Town) -> None:
    written, petit = write(closed), closed.browser("petit")
    device = enrol(petit)
    assert on_desk(petit) == [str(written.id)]
    assert act(petit, str(written.id), "take").status_code == 303
    again = closed.browser("petit")
    page = again.get(f"{DESK}/{written.id}")
    assert page.status_code == 403
    assert "QR" not in page.text
    assert 'class="letters"' not in page.text  # the secret is shown once, before it counts
    back = give(again, device.code(), page)
    assert back.status_code == 303
    assert back.location.endswith(f"{DESK}/{written.id}")
    assert MESSAGE in again.get(f"{DESK}/{written.id}").text


def test_a_code_that_was_used_opens_no_other_session(closed: Town) -> None:
    """Read over a shoulder and typed a moment later."""
    petit = closed.browser("petit")
    device = enrol(petit)
    code = device.code()
    first, second = closed.browser("petit"), closed.browser("petit")
    pages = [browser.get(DESK) for browser in (first, second)]
    assert give(first, code, pages[0]).status_code == 303
    assert give(second, code, pages[1]).status_code == 422
    assert second.get(DESK).status_code == 403


def test_somebody_elses_code_opens_nothing(closed: Town) -> None:
    mine, theirs = enrol(closed.browser("petit")), enrol(closed.browser("roux"))
    browser = closed.browser("petit")
    page = browser.get(DESK)
    assert give(browser, theirs.code(), page).status_code == 422
    assert give(browser, mine.code(), page).status_code == 303


def test_one_device_serves_all_schools_of_a_person(closed: Town) -> None:
    browser = closed.browser("ines")
    device = enrol(browser)
    other = closed.browser("ines")
    other.post("/work-in", {"uai": "0590002C"})
    assert give(other, device.code(), other.get(DESK)).status_code == 303
    assert other.get(DESK).status_code == 200


def test_after_too_many_wrong_codes_the_right_one_is_refused_too(closed: Town) -> None:
    device, browser = enrol(closed.browser("petit")), closed.browser("petit")
    page = browser.get(DESK)
    wrong = "000000" if device.code() != "000000" else "000001"
    answers = [give(browser, wrong, page).status_code for _try in range(LIMIT)]
    assert answers == [422] * (LIMIT - 1) + [429]
    assert give(browser, device.code(), page).status_code == 429
    assert browser.get(DESK).status_code == 403
    enrol(closed.browser("roux"))  # nobody else waits for it
    assert "Trop de codes faux au nom de Jeanne Petit" in closed.browser("roux").get("/staff/settings/members").text
    with closed.house.database.writing() as db:
        row = db.scalars(select(SecondFactor).where(SecondFactor.wrong > 0)).one()
        assert row.wrong_in
        row.wrong_in -= timedelta(hours=1)
    assert give(browser, device.code(), page).status_code == 303


def test_wrong_codes_at_the_same_moment_are_all_counted(closed: Town) -> None:
    enrol(closed.browser("petit"))
    person, keys, now = closed.petit, closed.house.keys, datetime.now(UTC)

    def wrong(_number: int) -> object:
        with closed.house.database.writing() as db:
            return second_factor.verify(db, keys, person, "none", now)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(wrong, range(LIMIT + 3)))
    assert outcomes.count(second_factor.Outcome.WRONG) == LIMIT - 1
    assert outcomes.count(second_factor.Outcome.LAST) == 1


# --- It closes again --------------------------------------------------------------------------------------------------


def _idle(browser: Browser, minutes: int) -> None:
    """The last page of the desk was so many minutes ago."""
    house = browser.town.house
    assert browser.session
    moment = str(int((datetime.now(UTC) - timedelta(minutes=minutes)).timestamp()))
    value = lately._value(house.keys, browser.session, moment)
    browser.client.set_cookie(lately.cookie_name(house.settings), value, path=house.settings.home_path)


def _given(browser: Browser, hours: int) -> None:
    """The code was given so many hours ago."""
    house = browser.town.house
    assert browser.session
    with house.database.writing() as db:
        session = sessions.opened(db, browser.session.cookie)
        assert session
        at = datetime.now(UTC) - timedelta(hours=hours)
        session["desk"] = {**session["desk"], "at": at.isoformat()}
        sessions.save(db, session, house.settings)


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (lambda browser: _idle(browser, 29), 200),
        (lambda browser: _idle(browser, 31), 403),
        (lambda browser: _given(browser, 7), 200),
        (lambda browser: _given(browser, 9), 403),
        (lambda browser: browser.client.delete_cookie("__Secure-ent-lately", path="/ent"), 403),
    ],
)
def test_it_asks_again_after_a_while(closed: Town, later: Callable[[Browser], None], status: int) -> None:
    browser = closed.browser("petit")
    enrol(browser)
    assert browser.get(DESK).status_code == 200
    later(browser)
    assert browser.get(DESK).status_code == status


def test_each_page_of_the_desk_puts_the_half_hour_off_and_writes_nothing(closed: Town) -> None:
    """A row that moves with each page would tell whoever holds the database who reads when."""
    browser = closed.browser("petit")
    enrol(browser)
    before = everything(closed.house.database)
    _idle(browser, 20)
    assert browser.get(DESK).status_code == 200
    assert everything(closed.house.database) == before
    assert browser.client.get_cookie("__Secure-ent-lately", path="/ent")
    with closed.app.test_request_context(headers={"Cookie": _cookies(browser)}) as context:
        assert browser.session
        seen = lately.seen(closed.house.keys, browser.session, context.request, closed.house.settings)
    assert seen
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def _cookies(browser: Browser) -> str:
    found = browser.client.get_cookie("__Secure-ent-lately", path="/ent")
    assert found
    return f"{found.key}={found.value}"


def test_a_mark_of_another_session_or_a_made_up_one_counts_for_nothing(closed: Town) -> None:
    browser, other = closed.browser("petit"), closed.browser("petit")
    device = enrol(browser)
    give(other, device.code(), other.get(DESK))
    for value in (_cookies(other).partition("=")[2], f"{int(datetime.now(UTC).timestamp())}.{'0' * 64}", "x", "1." * 9):
        browser.client.set_cookie("__Secure-ent-lately", value, path="/ent")
        assert browser.get(DESK).status_code == 403


def test_what_was_typed_comes_through_the_lock(closed: Town) -> None:
    """Half an hour over a hard answer: the code, and it is sent; nothing is typed twice."""
    written, petit = write(closed), closed.browser("petit")
    device, where = enrol(petit), f"{DESK}/{written.id}"
    page = petit.get(where).text
    _idle(petit, 31)
    note = "  Vu l’élève à 10 h.\n\n« Elle va mieux », dit-elle <b>&amp;\tsourit."
    asked = petit.post(f"{where}/note", {"token": token_on(page), "step": step_on(page), "note": note})
    assert asked.status_code == 403
    assert "ce que vous avez écrit part avec le code" in asked.text
    assert "Vu l’élève" not in petit.get(where).text  # nothing was kept yet
    wrong = give(petit, "none", asked)
    assert wrong.status_code == 422
    assert give(petit, device.code(), wrong).status_code == 303
    assert "« Elle va mieux », dit-elle &lt;b&gt;&amp;amp;" in petit.get(where).text


def test_a_search_comes_through_the_lock_although_it_writes_nothing(closed: Town) -> None:
    written, petit = write(closed), closed.browser("petit")
    device = enrol(petit)
    _idle(petit, 31)
    asked = petit.post(f"{DESK}/find", {"words": "sac", "queue": "group", "show": "open"})
    assert asked.status_code == 403
    found = give(petit, device.code(), asked)
    assert found.status_code == 200
    assert str(written.id) in found.text
    assert petit.get(DESK).status_code == 200


def test_a_first_device_can_be_enrolled_in_the_middle_of_a_form(closed: Town) -> None:
    """Its desk was open when the installation began to ask."""
    petit = closed.browser("petit")
    page = petit.post("/staff/settings/mine/address", {"address": "petit@college.example"})
    assert page.status_code == 403
    device = Device.from_page(page.text)
    wrong = give(petit, "none", page)
    assert Device.from_page(wrong.text) == device  # the same square once more
    assert give(petit, device.code(), wrong).status_code == 303


def test_adults_who_do_not_listen_are_asked_for_nothing(closed: Town) -> None:
    for who, path in (("clerk", "/staff/concern"), ("head", "/staff/group"), ("admin", "/staff/settings/members")):
        assert closed.browser(who).get(path).status_code == 200, who
    assert closed.browser("clerk").get(CODE).status_code == 403


def test_the_database_alone_makes_no_codes(closed: Town) -> None:
    secret = enrol(closed.browser("petit")).secret
    with closed.house.database.reading() as db:
        kept = every_byte(db)
    for shape in (secret, secret.hex().encode(), one_time.in_groups(secret).replace(" ", "").encode()):
        assert shape not in kept


def test_each_step_is_in_the_trail_without_content(closed: Town) -> None:
    browser = closed.browser("ines")
    enrol(browser)
    other = closed.browser("ines")
    give(other, "none", other.get(DESK))
    with closed.house.database.reading() as db:
        wanted = select(AuditLine).where(AuditLine.action.startswith("factor."))
        lines = list(db.scalars(wanted, execution_options={"across": True}))
    assert sorted(line.action for line in lines) == sorted(2 * ["factor.enrolled", "factor.refused"])
    assert {line.establishment_id for line in lines} == {closed.schools[COLLEGE], closed.schools["0590002C"]}
    assert {line.object_id for line in lines} == {None}


def test_quick_exit_takes_the_mark_along(closed: Town) -> None:
    browser = closed.browser("petit")
    enrol(browser)
    browser.get("/leave")
    assert browser.client.get_cookie("__Secure-ent-lately", path="/ent") is None
    assert browser.get(DESK).status_code == 401
