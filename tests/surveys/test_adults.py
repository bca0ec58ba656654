"""Parents and staff are asked too: by questionnaires of their own, in words for adults, and by nobody else's door."""

import re
from dataclasses import replace
from html import unescape

import pytest

from ent_module.surveys import campaigns, own
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Answers, Joining
from ent_module.surveys.parts import WHOLE_SCHOOL, Audience
from ent_module.surveys.release import Release, classes_among, decide
from ent_module.surveys.service import opening
from ent_module.surveys.tables import CampaignClass, Card, Issuance
from tests.support.town import COLLEGE, OTHER, Browser, Town
from tests.surveys.campaign import DAY, Voter, fill, rows, shut, started
from tests.surveys.pages import blinded_token, send, token
from tests.surveys.planned import announced, opened_for_adults, plan_for_adults

TILE = "Questionnaire pour vous"
PARENTS, STAFF = "parents-climate", "staff-climate"
WHO = {PARENTS: ("karim", "maria"), STAFF: ("alba", "petit", "clerk", "head", "nurse")}
OTHERS = {
    PARENTS: ("lina", "alba", "petit", "head", "referent", "unsaid"),
    STAFF: ("lina", "karim", "referent", "unsaid"),
}
SURE: Answers = {"safe_school": ["agree"], "know_whom": ["agree"], "heard_fear": ["disagree"]}
AFRAID: Answers = {"safe_school": ["disagree"], "know_whom": ["disagree"], "heard_fear": ["agree"]}
_TU = re.compile(r"\b(tu|te|ton|ta|tes|toi)\b|\bt’", re.IGNORECASE)


def main(page: str) -> str:
    """The words between the page's header and footer."""
    return unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))


@pytest.mark.parametrize("name", [PARENTS, STAFF])
def test_whoever_is_asked_answers_once_by_the_same_protocol(town: Town, name: str) -> None:
    first = town.browser(WHO[name][0])
    assert TILE not in first.get("/").text
    campaign = opened_for_adults(town, name)
    for who in WHO[name]:
        assert TILE in town.browser(who).get("/").text, who
    assert "Ce que deviennent vos réponses" in first.get("/surveys").text
    page = first.get(f"/surveys/{campaign.id}/questions").text
    assert all(item.text["fr"] in unescape(page) for item in questionnaires()[name].items("college"))
    mine = blinded_token()
    signed = token(first, campaign, mine)
    assert (signed.status_code, len(signed.data)) == (200, 384)
    assert token(first, campaign, mine).data == signed.data
    assert token(first, campaign).status_code == 409  # once an account
    assert token(town.browser(WHO[name][1]), campaign).status_code == 200
    assert send(town, campaign, Voter.of(town, campaign).body({})).status_code == 204
    assert "Répondre n’alerte personne." in first.get(f"/surveys/{campaign.id}/after").text
    shut(town, campaign)
    assert TILE not in first.get("/").text


@pytest.mark.parametrize("name", [PARENTS, STAFF])
def test_nobody_else_opens_it(town: Town, name: str) -> None:
    """Neither by the tile nor by the address; nor does the same kind of person of another school."""
    campaign = opened_for_adults(town, name)
    for who in OTHERS[name]:
        browser = town.browser(who)
        assert TILE not in browser.get("/").text, who
        for rest in ("", "/questions", "/after"):
            assert browser.get(f"/surveys/{campaign.id}{rest}").status_code in {403, 404}, (who, rest)
        assert token(browser, campaign).status_code in {403, 404}, who
    elsewhere = {PARENTS: replace(town.arrival("karim"), uais=(OTHER,)), STAFF: town.arrival("paul")}[name]
    stranger = town.browser()
    stranger.arrive(elsewhere)
    assert stranger.get(f"/surveys/{campaign.id}/questions").status_code == 404
    assert token(stranger, campaign).status_code == 404
    with town.house.database.reading() as db:
        assert rows(db, Issuance) == 0


def test_adults_do_not_open_what_pupils_are_asked(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    for who in ("karim", "alba", "petit", "head"):  # Alba teaches both classes
        browser = town.browser(who)
        assert browser.get(f"/surveys/{campaign.id}/questions").status_code == 404
        assert token(browser, campaign).status_code == 404
        assert TILE not in browser.get("/").text
    assert token(town.browser("lina"), campaign).status_code == 200


def called(town: Town, name: str, code: str) -> Browser:
    """That person, in a class that the portal calls so."""
    browser = town.browser()
    browser.arrive(replace(town.arrival(name), classes=(code,)))
    return browser


@pytest.mark.parametrize("name", [PARENTS, STAFF])
def test_a_class_with_the_name_of_a_whole_school_opens_nothing(town: Town, name: str) -> None:
    campaign = opened_for_adults(town, name)
    code = WHOLE_SCHOOL[questionnaires()[name].audience]
    lina = called(town, "lina", code)
    assert TILE not in lina.get("/").text
    assert lina.get(f"/surveys/{campaign.id}/questions").status_code == 404
    assert token(lina, campaign).status_code == 404
    values = {"class_code": code, "questionnaire": "school-climate", "told": "yes", "place": "shared"}
    assert called(town, "alba", code).post("/staff/surveys/open", values).status_code == 404
    with town.house.database.reading() as db:
        assert rows(db, CampaignClass) == 1


@pytest.mark.parametrize("code", ["=staff", "Staff"])
def test_a_teacher_of_a_class_with_such_a_name_watches_nobody(town: Town, code: str) -> None:
    """Neither how many of the staff have a questionnaire, nor that it is announced; and makes no cards for them."""
    announced(town, plan_for_adults(PARENTS))
    campaign = opened_for_adults(town, STAFF)
    alba = called(town, "alba", code)
    page = main(alba.get("/staff/surveys").text)
    assert "Travailler ici" not in page
    assert "Votre regard" not in page
    for form in ({"cards": "2"}, {"cards": "2", "purpose": "lost"}):
        answer = alba.post(f"/staff/surveys/{campaign.id}/cards", {**form, "class_code": code})
        assert answer.status_code in {400, 404}
    with town.house.database.reading() as db:
        assert rows(db, Card) == 0


def test_adults_are_no_pupils_when_a_school_counts_these(town: Town) -> None:
    opened_for_adults(town, PARENTS)
    with town.house.database.reading() as db:
        assert own.pupils(db, town.schools[COLLEGE]) is None


def test_a_teacher_cannot_open_for_a_class_what_asks_adults(town: Town) -> None:
    alba = town.browser("alba")
    assert "Travailler ici" not in alba.get("/staff/surveys/open").text
    values = {"class_code": "6e B", "questionnaire": STAFF, "told": "yes", "place": "shared"}
    assert alba.post("/staff/surveys/open", values).status_code == 422
    school, by = town.schools[COLLEGE], town.membership("alba").account_id
    for asked, code in ((STAFF, "6e B"), (STAFF, "=staff"), ("school-climate", "=staff")):
        with town.house.database.writing() as db, pytest.raises(opening.OtherAudienceError):
            opening.open_class(db, town.house.store, school, questionnaires()[asked], Joining(code), by, DAY)


@pytest.mark.parametrize("name", [PARENTS, STAFF])
def test_adults_are_never_spoken_to_as_children(town: Town, name: str) -> None:
    campaign, browser = opened_for_adults(town, name), town.browser(WHO[name][0])
    pages = [browser.get(f"/surveys/{campaign.id}{rest}").text for rest in ("", "/questions", "/after")]
    pages.append(browser.get("/surveys").text)
    for page in pages:
        assert not _TU.search(main(page)), _TU.search(main(page))
        assert "carte" not in main(page)
    shut(town, campaign)
    ended = browser.get(f"/surveys/{campaign.id}")
    assert ended.status_code == 410
    assert not _TU.search(main(ended.text))
    assert not _TU.search(main(browser.get("/surveys").text))


def test_results_are_shown_by_the_same_thresholds(town: Town) -> None:
    """Twenty parents are no class: their results are shown, and read as those of parents."""
    campaign = opened_for_adults(town, PARENTS)
    fill(town, campaign, {WHOLE_SCHOOL[Audience.PARENTS]: [SURE] * 14 + [AFRAID] * 6})
    shut(town, campaign)
    head = town.browser("head")
    where = f"/staff/surveys/campaigns/{campaign.id}"
    page = unescape(head.get(where).text)
    assert re.search(r"\b70\s% des parents", page)
    assert "L’enquête est pour les parents : 240 invités." in page
    assert "élève" not in main(page).replace("quand des élèves font", "").replace("Quand des élèves font", "")
    assert "À lire avec une classe" not in page
    report = unescape(head.get(f"{where}/report").text)
    assert "des parents" in report
    assert "Dire aux familles comment une inquiétude est traitée" in report
    for who in ("head", "alba"):
        assert town.browser(who).get(f"{where}/together").status_code == 404
    assert b"how many parents gave each answer" in head.get(f"{where}/numbers.zip").data


def test_few_adults_are_shown_nothing(town: Town) -> None:
    campaign = opened_for_adults(town, STAFF)
    fill(town, campaign, {WHOLE_SCHOOL[Audience.STAFF]: [{"team_mood": ["agree"]}] * 9})
    shut(town, campaign)
    page = town.browser("head").get(f"/staff/surveys/campaigns/{campaign.id}").text
    assert "moins de 10 réponses" in unescape(page)
    with town.house.database.reading() as db:
        assert campaigns.cells(db, campaign) == []


def test_only_a_whole_school_is_no_class() -> None:
    groups = {"=parents": 20}
    assert decide(20, classes_among(groups)) is Release.SHOWN
    assert decide(20, classes_among({"6e B": 20})) is Release.ONE_CLASS  # control
    assert decide(9, classes_among(groups)) is Release.FEW


def test_the_local_admin_reads_whom_each_asks(town: Town) -> None:
    page = unescape(town.browser("admin").get("/staff/surveys/questionnaires").text)
    assert "Pour les parents. La direction l’ouvre." in page
    assert "Pour le personnel. La direction l’ouvre." in page
    read = town.browser("admin").get(f"/staff/surveys/questionnaires/{questionnaires()[PARENTS].digest}").text
    assert "Comme un parent le lit" in read
