"""Questions on home, on sexual acts and on discrimination: asked only where a head has decided so, and then frozen."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import yaml

from ent_module.privacy import audit
from ent_module.surveys import campaigns, content, own, sensitive
from ent_module.surveys.content import faults
from ent_module.surveys.model import Questionnaire, read_answers
from ent_module.surveys.parts import without_sensitive
from tests.support.life import today
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import fill, reread, shut, start
from tests.surveys.own import CALM, asked_with
from tests.surveys.planned import announced, plan
from tests.surveys.test_content import GOOD

PAGE = "/staff/surveys/questionnaires/sensitive"
ALL = {"asked": "yes", "agreed": ["read", "present", "families"]}
ASKED = {"safety_home", "form_sexual", "form_discriminatory"}
OPENING = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes"}


def offered(town: Town, uai: str = COLLEGE) -> Questionnaire:
    with town.house.database.reading() as db:
        return own.questionnaires_for(db, town.schools[uai])["school-climate"]


def ids(asked: Questionnaire) -> set[str]:
    return {item.id for item in asked.items("college")}


def opened(town: Town) -> Questionnaire:
    """Alba opens the questionnaire for her class, by the page."""
    assert town.browser("alba").fill("/staff/surveys/open", OPENING, "class_code").status_code == 303
    with town.house.database.reading() as db:
        return campaigns.asked(db, campaigns.campaigns(db, town.schools[COLLEGE])[0])


def sentences() -> Iterator[str]:
    yield from (item.text["fr"] for item in content.questionnaires()["school-climate"].sensitive)


def test_nothing_sensitive_is_asked_until_a_head_decides(town: Town) -> None:
    assert not ids(opened(town)) & ASKED
    where = town.browser("lina").get("/surveys").text.split('questions"')[0].rsplit('href="/ent', 1)[1] + "questions"
    page = town.browser("lina").get(where)
    assert page.status_code == 200
    assert "Je me sens en sécurité ici." in page.text
    assert not [one for one in sentences() if one in page.text]


def test_a_head_decides_for_the_campaigns_that_open_from_then_on(town: Town) -> None:
    before = opened(town)
    head = town.browser("head")
    assert head.fill(PAGE, ALL, "agreed").status_code == 303
    assert "Elles sont posées" in head.get(PAGE).text
    assert ids(offered(town)) >= ASKED
    assert not ids(offered(town, OTHER)) & ASKED  # each school for itself
    with town.house.database.reading() as db:
        assert campaigns.asked(db, campaigns.campaigns(db, town.schools[COLLEGE])[0]) == before  # frozen
    assert head.fill(PAGE, {"asked": "no"}, PAGE).status_code == 303
    assert not ids(offered(town)) & ASKED
    with town.house.database.reading() as db:
        done = [line.action for line in audit.lines(db, town.schools[COLLEGE], _WORDS, today())]
    assert done == ["survey.not_sensitive", "survey.sensitive"]


_WORDS = {"survey.sensitive", "survey.not_sensitive"}


@pytest.mark.parametrize("agreed", [[], ["read", "present"], ["read", "present", "others"]])
def test_each_agreement_is_needed(town: Town, agreed: list[str]) -> None:
    answer = town.browser("head").fill(PAGE, {**ALL, "agreed": agreed}, "agreed")
    assert answer.status_code == 422
    assert "Cocher les trois" in answer.text
    assert not ids(offered(town)) & ASKED


def test_the_head_reads_the_questions_word_for_word_before_deciding(town: Town) -> None:
    page = town.browser("head").get(PAGE).text
    assert all(one in page for one in sentences())
    assert "Non posées" in page


def test_the_local_admin_is_told_and_cannot_decide(town: Town) -> None:
    admin = town.browser("admin")
    page = admin.get("/staff/surveys/questionnaires").text
    assert "Les questions sensibles ne sont pas posées" in page
    assert "28 questions" in page
    assert admin.post(PAGE, ALL).status_code == 403


def test_no_level_above_decides_for_a_school(town: Town) -> None:
    with town.house.database.writing() as db:
        above = town.schools["0590006G"]
        sensitive.decide(db, above, asked=True, by=town.membership("referent").account_id, today=today())
    assert not ids(offered(town)) & ASKED


def test_an_answer_to_a_question_that_was_not_asked_spoils_the_ballot() -> None:
    calm = content.questionnaires()["school-climate"].without_sensitive
    assert read_answers(calm, "college", {"form_sexual": ["weekly"]}).problems


def test_results_are_read_without_the_questions_that_were_not_asked(town: Town) -> None:
    calm = content.questionnaires()["school-climate"].without_sensitive
    with town.house.database.writing() as db:
        campaign = start(town, db, "6e B", "5e A", asked=calm)
    answers = [{"bullied": ["never"], "form_verbal": ["weekly"]} for _one in range(20)]
    fill(town, campaign, {"6e B": answers, "5e A": answers})
    shut(town, campaign)
    assert reread(town, campaign).state == "released"
    head = town.browser("head")
    for rest in ("", "/report", "/together", "/numbers.zip"):
        answer = head.get(f"/staff/surveys/campaigns/{campaign.id}{rest}")
        assert answer.status_code == 200
        assert not rest.endswith("zip") or b"form_sexual" not in answer.data
    page = head.get(f"/staff/surveys/campaigns/{campaign.id}").text
    assert not [one for one in sentences() if one in page]


def test_a_questionnaire_that_a_school_brought_is_held_to_it_too(town: Town) -> None:
    wholly = asked_with(CALM | {"sensitive": "wellbeing"}, name="grave")
    with town.house.database.writing() as db:
        school, by = town.schools[COLLEGE], town.membership("admin").account_id
        row = own.keep(db, school, wholly, by, today())
        own.accept(db, school, row.digest, {}, town.membership("head").account_id, today())
        assert "own-grave" not in own.questionnaires_for(db, school)
        sensitive.decide(db, school, asked=True, by=by, today=today())
        assert "own-grave" in own.questionnaires_for(db, school)


def made(**changes: Any) -> dict[str, Any]:
    """Two questions, of which the second rests on the first."""
    found: dict[str, Any] = yaml.safe_load(GOOD)
    first = found["sections"][0]["items"][0]
    second = {**first, "id": "more", "levels": ["college"], "relevant": {"any": [{"item": "calm", "is": ["yes_"]}]}}
    del second["text_ecole"]
    found["sections"][0]["items"] = [first, second | changes]
    return found


def told(given: dict[str, Any]) -> list[str]:
    return [fault.message for fault in faults(yaml.safe_dump(given, allow_unicode=True), "short")]


def test_what_rests_on_a_sensitive_question_is_sensitive_too() -> None:
    given = made()
    assert told(given) == []
    given["sections"][0]["items"][0]["sensitive"] = "home"
    assert told(given) == ["what rests on a sensitive question is sensitive too"]
    given["sections"][0]["items"][1]["sensitive"] = "home"
    assert told(given) == []


def test_topics_are_a_list_and_none_is_sexuality_at_the_ecole() -> None:
    given = made()
    given["sections"][0]["items"][0]["sensitive"] = "sexuality"
    assert "at ecole nothing is asked on sexuality" in told(given)
    given["sections"][0]["items"][0]["sensitive"] = "secrets"
    assert "sensitive is among home, sexuality, discrimination, wellbeing" in told(given)


def test_what_is_left_is_a_questionnaire_without_a_mistake() -> None:
    """Neither an empty page nor a scale that nothing uses is left, and nothing else has changed."""
    whole = content.questionnaires()["school-climate"]
    left = without_sensitive(whole.data)
    assert faults(yaml.safe_dump(left, allow_unicode=True), whole.id) == []
    found: dict[str, Any] = made(sensitive="home")
    page = {**found["sections"][0], "id": "second", "items": [found["sections"][0]["items"].pop()]}
    found["sections"].append(page)
    found["scales"]["other"] = found["scales"]["yes_no"]
    page["items"][0]["scale"] = "other"
    left = without_sensitive(found)
    assert [section["id"] for section in left["sections"]] == ["all"]
    assert list(left["scales"]) == ["yes_no"]
    assert found["scales"].keys() == {"yes_no", "other"}  # the whole one is as it was


@pytest.mark.parametrize("whole", [True, False])
def test_what_families_are_sent_names_the_topics_where_they_are_asked(town: Town, whole: bool) -> None:
    asked = content.questionnaires()["school-climate"]
    campaign = announced(town, plan(questionnaire=asked if whole else asked.without_sensitive))
    told = unescape(town.browser("head").get(f"/staff/surveys/campaigns/{campaign.id}/notice").text)
    for words in (
        "la maison, les gestes ou paroles à caractère sexuel, les discriminations",
        "home, sexual acts or words, discrimination",
    ):
        assert (words in " ".join(told.split())) is whole
