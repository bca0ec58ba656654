"""A town in which people have been busy: through the pages, so that every page has something on it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ent_module.establishments.calendar import paris
from ent_module.help.service import listening
from ent_module.surveys import own
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import DAYS_OPEN, Answers
from ent_module.surveys.service import card_classes
from ent_module.surveys.service.closing import finish
from tests.support.forms import form
from tests.support.town import COLLEGE, LYCEE, Town
from tests.surveys.campaign import LATER, fill, start
from tests.surveys.own import CALM, asked_with
from tests.surveys.proposed import beside

CANARY = "perroquet-7f3a"
"""Stands in every text that somebody wrote."""


@dataclass(frozen=True)
class Life:
    """What is there now: ids as they stand in addresses, and a return code."""

    conversation: str
    with_code: str
    code: str
    campaign: str
    closed: str
    text: str
    planned: str
    announced: str
    overdue: str
    proposal: str
    lesson: str
    given: str
    seat: str
    member: str
    card: str
    sheet: str
    questionnaire: str
    request: str
    draft: str
    check: str


def _found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match, f"{pattern} is not on the page"
    return match[1]


def today() -> date:
    """The day as the schools have it."""
    return paris(datetime.now(UTC)).date()


UUID = r"([0-9a-f]{8}-[0-9a-f-]{27})"


def live(town: Town) -> Life:
    """Lina asks for a visit and Sami for an answer here; the group answers Sami; a teacher gives a lesson, opens a
    questionnaire, and asks for cards for a class, which a colleague confirms; a head closes one; another drafts one,
    announces one and has one to close; a local admin proposes a member, changes cards, brings a questionnaire and
    composes another."""
    with_code, code = _sami_writes_and_is_answered(town)
    return Life(
        conversation=_lina_writes(town),
        with_code=with_code,
        code=code,
        campaign=_alba_opens_a_questionnaire(town),
        closed=(closed := _the_lycee_closes_one(town)),
        text=_found(
            rf"/texts/{UUID}\"", town.browser("lycee_head").get(f"/staff/surveys/campaigns/{closed}/texts").text
        ),
        planned=_the_head_drafts_one(town, "trip"),
        announced=_the_head_announces_one(town),
        overdue=_one_waits_for_its_end(town),
        proposal=_the_referent_proposes_one(town),
        lesson=(lesson := _found(r"/staff/lessons/([0-9a-z]+)\"", town.browser("alba").get("/staff/lessons").text)),
        given=_alba_gives_a_lesson(town, lesson),
        seat=_the_admin_proposes_the_clerk(town),
        member=str(town.membership("petit").account_id),
        card=_the_admin_adds_a_card(town),
        sheet=_found(r"/read/([0-9a-f]+)\"", town.browser("lina").get("/read").text),
        questionnaire=_the_admin_brings_a_questionnaire(town),
        request=_alba_asks_for_cards_and_roux_confirms(town),
        draft=_the_admin_composes_one(town),
        check=_petit_gives_an_address(town),
    )


def _lina_writes(town: Town) -> str:
    before = set(re.findall(rf"/staff/desk/{UUID}\"", town.browser("petit").get("/staff/desk").text))
    sent = town.browser("lina").fill(
        "/write",
        {
            "about": "me",
            "what": ["mocked", "online"],
            "message": f"{CANARY} On se moque.",
            "danger": "yes",
            "answer": "visit",
        },
        "message",
    )
    assert "Ton message est arrivé" in sent.text
    after = set(re.findall(rf"/staff/desk/{UUID}\"", town.browser("petit").get("/staff/desk").text))
    return str((after - before).pop())


def _sami_writes_and_is_answered(town: Town) -> tuple[str, str]:
    sent = town.browser("sami").fill(
        "/write", {"what": ["sad"], "message": f"{CANARY} Je suis triste.", "answer": "here-unnamed"}, "message"
    )
    code = " ".join(re.findall(r"<li>([^<]+)</li>", _found(r'(?s)<ol class="code words">(.*?)</ol>', sent.text)))
    petit = town.browser("petit")
    desk = petit.get("/staff/desk").text
    conversation = _found(rf"/staff/desk/{UUID}\"", desk)
    thread = f"/staff/desk/{conversation}"
    petit.fill(thread, having="/take")
    petit.fill(thread, {"message": f"{CANARY} Merci de m’avoir écrit."}, "/answer")
    page = petit.get(thread).text
    note = form(page, "/note")
    field = next(name for name in note.values if name not in {"csrf_token", "token"})
    petit.fill(thread, {field: f"{CANARY} À suivre lundi."}, "/note")
    return conversation, code


def _alba_opens_a_questionnaire(town: Town) -> str:
    values = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes", "place": "class"}
    assert town.browser("alba").fill("/staff/surveys/open", values, "class_code").status_code == 303
    return _found(rf"/surveys/{UUID}", town.browser("lina").get("/surveys").text)


def _alba_asks_for_cards_and_roux_confirms(town: Town) -> str:
    """For a class of which nobody here is: each of the two has a half to print."""
    alba, roux = (town.membership(name).account_id for name in ("alba", "roux"))
    with town.house.database.writing() as db:
        campaign = start(town, db, "5e C", day=today())
        card_classes.ask(db, campaign.establishment_id, campaign.id, "5e C", 24, alba, today())
        (found,) = card_classes.requests(db, campaign.establishment_id, alba)
        card_classes.confirm(db, campaign.establishment_id, found.id, roux, today())
    return str(found.id)


def _the_lycee_closes_one(town: Town) -> str:
    """Enough pupils of the lycée have answered; the head there closes it and reads results."""
    # two classes: results of one alone are never shown
    classes = ("2de 4", "2de 5")
    with town.house.database.writing() as db:
        campaign = start(town, db, *classes, uai=LYCEE, day=today() - timedelta(days=DAYS_OPEN))
    answers: list[Answers] = [
        {"bullied": ["never" if number % 4 else "weekly"], "safety_school": ["agree"]} for number in range(60)
    ]
    for number, one in enumerate(answers[:12]):
        one["idea"] = [f"Plus de bancs, dit la {number}e"]
    fill(town, campaign, {classes[0]: answers[::2], classes[1]: answers[1::2]})
    town.browser("lycee_head").fill(f"/staff/surveys/campaigns/{campaign.id}/closing")
    finish(town.house, datetime.now(UTC) + LATER)
    beside(town, campaign)
    return str(campaign.id)


PLAN = {"classes": "4e Z ; 24\n3e Y\t28", "place": "class", "readers": "head"}


def _the_head_drafts_one(town: Town, questionnaire: str) -> str:
    days = {
        "opens_on": (today() + timedelta(days=12)).isoformat(),
        "closes_on": (today() + timedelta(days=20)).isoformat(),
    }
    values = {**PLAN, **days, "questionnaire": questionnaire}
    made = town.browser("head").fill(f"/staff/surveys/campaigns/new?questionnaire={questionnaire}", values, "opens_on")
    return _found(rf"/campaigns/{UUID}/planned", made.headers["Location"])


def _the_head_announces_one(town: Town) -> str:
    one = _the_head_drafts_one(town, "boarding")
    assert town.browser("head").fill(f"/staff/surveys/campaigns/{one}/planned", {}, "told").status_code == 303
    return one


def _the_referent_proposes_one(town: Town) -> str:
    ahead = {"opens_on": 20, "closes_on": 40}
    referent = town.browser("referent")
    days = {name: (today() + timedelta(days=number)).isoformat() for name, number in ahead.items()}
    referent.fill("/staff/surveys/proposals", {**days, "questionnaire": "school-climate"}, "opens_on")
    return _found(rf"/proposals/{UUID}/withdraw", referent.get("/staff/surveys/proposals").text)


def _one_waits_for_its_end(town: Town) -> str:
    with town.house.database.writing() as db:
        asked = questionnaires()["exit-ticket"]
        return str(start(town, db, "4e Z", asked=asked, day=today() - timedelta(days=DAYS_OPEN)).id)


def _alba_gives_a_lesson(town: Town, lesson: str) -> str:
    alba = town.browser("alba")
    values = {"class": "6e B", "day": today().isoformat(), "parts": ["1"], "minutes": "45", "place": "here"}
    assert alba.fill(f"/staff/lessons/{lesson}/log", values, "minutes").status_code == 303
    return _found(rf"/staff/given/{UUID}/remove", alba.get("/staff/given").text)


def _the_admin_proposes_the_clerk(town: Town) -> str:
    admin = town.browser("admin")
    clerk = str(town.membership("clerk").account_id)
    admin.fill("/staff/settings/members", {"account_id": clerk}, "account_id")
    return _found(rf"/settings/members/{UUID}/", town.browser("head").get("/staff/settings/members").text)


def _the_admin_adds_a_card(town: Town) -> str:
    admin = town.browser("admin")
    card = {"name": "Mme Petit", "role": "CPE", "place": "Vie scolaire", "hours": "Tous les jours"}
    admin.fill("/staff/settings/cards/new", card, "place")
    return _found(
        r"/settings/cards/([0-9a-zA-Z-]{6,})", admin.get("/staff/settings/cards").text.replace("/cards/new", "")
    )


def _the_admin_brings_a_questionnaire(town: Town) -> str:
    """As from a file (tests/surveys/test_questionnaire_pages.py chooses one). It waits for the head."""
    with town.house.database.writing() as db:
        by = town.membership("admin").account_id
        return own.keep(db, town.schools[COLLEGE], asked_with(CALM), by, today()).digest


def _petit_gives_an_address(town: Town) -> str:
    """What stands in the link that is sent there."""
    page = "/staff/settings/mine"
    assert town.browser("petit").fill(page, {"address": "petit@ac.example"}, "address").status_code == 303
    me = town.membership("petit")
    with town.house.database.reading() as db:
        row = listening.row_of(db, me.establishment_id, me.account_id)
        assert row
        return listening.token(town.house.keys, row)


def _the_admin_composes_one(town: Town) -> str:
    """A draft with a question of the bank and one of the school's own, which is not translated."""
    admin, shelf = town.browser("admin"), "/staff/surveys/questionnaires"
    admin.fill(f"{shelf}/drafts/new", {"title-fr": "La vie à la cantine"}, "title-fr")
    draft = _found(rf"{shelf}/drafts/{UUID}", admin.get(shelf).text)
    admin.fill(f"{shelf}/drafts/{draft}/bank", {"items": ["school-climate.bullied"]}, "page")
    own_question = {"text-fr": "Le repas est calme ?", "scale": "own", "answers-fr": "Oui\nNon"}
    admin.fill(f"{shelf}/drafts/{draft}/questions", own_question, "text-fr")
    return draft
