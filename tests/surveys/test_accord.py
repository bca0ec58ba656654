"""What a school brings or writes is offered to nobody before its head has read that very version and accepted it."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ent_module.languages import LANGUAGES
from ent_module.privacy import audit
from ent_module.surveys import campaigns, content, own, sensitive
from ent_module.surveys.accord import Accord
from ent_module.surveys.own_words import marked, needed
from ent_module.surveys.parts import Audience
from ent_module.surveys.tables import OwnQuestionnaire
from tests.support.life import today
from tests.support.town import COLLEGE, OTHER, Browser, Town
from tests.surveys.campaign import DAY, start
from tests.surveys.composing import CLIMATE, MEAL, began, composed, presses
from tests.surveys.interchange.files import asks, form
from tests.surveys.own import CALM, accepts, asked_with, item, texts
from tests.surveys.planned import announced, draft, plan
from tests.surveys.test_planning_pages import FORM
from tests.surveys.test_questionnaire_pages import AT, keeps, send

HOME, LOVE, YARD = (
    "Quelqu’un te frappe-t-il à la maison ?",
    "Es-tu homosexuel ?",
    "La cour est-elle propre ?",
)
NAME = "own-essai"
OPENING = {"class_code": "6e B", "questionnaire": NAME, "told": "yes", "place": "shared"}
OPEN, TO_READ, SURVEYS = "/staff/surveys/open", f"{AT}/to-read", "/staff/surveys/campaigns"
YES = {"ticked": ["read", "marked"]}


def brings(town: Town, *labels: str) -> None:
    """The local admin imports these questions by the page, without a mark on any."""
    admin = town.browser("admin")
    raw = form(*(asks(f"q{number}", label=label) for number, label in enumerate(labels)))
    assert keeps(admin, send(admin, raw).text).status_code == 303


def row(town: Town, uai: str = COLLEGE) -> OwnQuestionnaire:
    with town.house.database.reading() as db:
        [found] = own.rows(db, town.schools[uai])
    return found


def page_of(town: Town) -> str:
    return f"{AT}/{row(town).digest}/accord"


def words(browser: Browser, at: str) -> str:
    answer = browser.get(at)
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def opens(town: Town) -> int:
    """What a teacher's form says to opening it; 422 is what it says to a questionnaire that is not there."""
    return town.browser("alba").fill(OPEN, {**OPENING, "place": ["shared"]}, "class_code").status_code


def is_offered(town: Town) -> bool:
    """To teachers, to the head who drafts, and in the service: everywhere the same."""
    with town.house.database.reading() as db:
        there = NAME in own.questionnaires_for(db, town.schools[COLLEGE], tuple(Audience))
    to_teachers = NAME in town.browser("alba").get(OPEN).text
    to_the_head = NAME in town.browser("head").get(f"{SURVEYS}/new").text
    assert {there} == {to_teachers, to_the_head}
    return there


def test_unmarked_questions_on_home_and_love_reach_nobody_before_the_head_has_read_them(town: Town) -> None:
    """An import as the audit tried it: nothing in the file tells what it asks about."""
    brings(town, HOME, LOVE, YARD)
    assert not is_offered(town)
    assert opens(town) == 422
    drafted = town.browser("head").post(f"{SURVEYS}/new", {**FORM, "questionnaire": NAME})
    assert drafted.status_code == 422
    assert town.browser("alba").get(f"{AT}/{row(town).digest}").status_code == 404
    with town.house.database.reading() as db:
        assert not campaigns.campaigns(db, town.schools[COLLEGE])
    assert "À accepter par la direction" in words(town.browser("admin"), AT)
    assert "Un questionnaire attend votre accord" in words(town.browser("head"), SURVEYS)
    assert "Aucune enquête ne les pose, sauf si vous le décidez." in words(town.browser("head"), f"{AT}/sensitive")

    page = words(town.browser("head"), page_of(town))
    assert all(one in page for one in (HOME, LOVE, YARD, "Oui", "Non"))
    chosen = {**YES, "topic-q0": "home", "topic-q1": "sexuality"}
    assert town.browser("head").fill(page_of(town), chosen, "ticked").status_code == 303
    assert is_offered(town)
    assert "Un questionnaire attend votre accord" not in words(town.browser("head"), SURVEYS)
    asked = words(town.browser("head"), f"{AT}/sensitive")
    assert HOME in asked
    assert LOVE in asked
    assert opens(town) == 303
    with town.house.database.reading() as db:
        (campaign,) = campaigns.campaigns(db, town.schools[COLLEGE])
        assert [one.text["fr"] for one in campaigns.asked(db, campaign).items("college")] == [YARD]


def test_a_changed_version_is_not_the_one_that_was_accepted(town: Town) -> None:
    brings(town, YARD)
    accepts(town)
    assert is_offered(town)
    brings(town, YARD)  # the same file once more is the same version
    assert is_offered(town)
    before = page_of(town)
    brings(town, YARD, HOME)
    assert not is_offered(town)
    assert opens(town) == 422
    head = town.browser("head")
    stale = head.post(before, {**YES, "said": "accept", "acting_in": str(town.schools[COLLEGE])})
    assert stale.status_code == 404
    assert "n’est plus celui que vous avez lu" in unescape(stale.text)
    assert not is_offered(town)


def test_a_mark_stays_on_the_same_words_in_the_next_version(town: Town) -> None:
    brings(town, HOME, YARD)
    accepts(town, q0="home")
    brings(town, HOME, YARD, "Et la cantine ?")
    assert 'value="home" selected' in town.browser("head").get(page_of(town)).text
    brings(town, HOME + " Souvent ?", YARD)
    assert 'value="home" selected' not in town.browser("head").get(page_of(town)).text


@pytest.mark.parametrize("ticked", [[], ["read"], ["marked"], ["read", "other"]])
def test_each_tick_is_needed_and_what_was_chosen_stays(town: Town, ticked: list[str]) -> None:
    brings(town, HOME)
    answer = town.browser("head").fill(page_of(town), {"ticked": ticked, "topic-q0": "home"}, "ticked")
    assert answer.status_code == 422
    assert "Cocher les deux" in answer.text
    assert 'value="home" selected' in answer.text
    assert not is_offered(town)


def test_refused_and_withdrawn_it_is_offered_no_more_and_what_runs_goes_on(town: Town) -> None:
    brings(town, YARD)
    head, at = town.browser("head"), page_of(town)
    said = {"said": "refuse", "acting_in": str(town.schools[COLLEGE])}
    assert head.post(at, said).status_code == 303
    assert head.post(at, said).status_code == 303  # twice is once
    assert not is_offered(town)
    assert "Refusé par la direction" in words(town.browser("admin"), AT)
    yes = {**YES, "said": "accept", "acting_in": str(town.schools[COLLEGE])}
    for _twice in range(2):
        assert head.post(at, yes).status_code == 303
    assert opens(town) == 303
    assert head.post(at, said).status_code == 303
    assert NAME not in words(head, f"{SURVEYS}/new")
    joined = town.browser("alba").fill(OPEN, {**OPENING, "class_code": "5e A", "place": ["shared"]}, "class_code")
    assert joined.status_code == 303  # the campaign that was opened goes on for its other classes
    with town.house.database.reading() as db:
        (campaign,) = campaigns.campaigns(db, town.schools[COLLEGE])
        assert set(campaigns.classes_of(db, campaign)) == {"6e B", "5e A"}
        lines = audit.lines(db, town.schools[COLLEGE], {"survey.accepted", "survey.not_accepted"}, today())
    assert sorted(line.action for line in lines) == [
        "survey.accepted",
        "survey.not_accepted",
        "survey.not_accepted",
    ]


def test_double_clicks_with_marks_are_one_acceptance(town: Town) -> None:
    brings(town, HOME, YARD)
    at = page_of(town)
    yes = {**YES, "said": "accept", "topic-q0": "home", "acting_in": str(town.schools[COLLEGE])}
    for _twice in range(2):
        assert town.browser("head").post(at, yes).status_code == 303
    with town.house.database.reading() as db:
        assert len(list(audit.lines(db, town.schools[COLLEGE], {"survey.accepted"}, today()))) == 1
    assert is_offered(town)


def test_a_draft_is_not_announced_once_the_accord_is_withdrawn(town: Town) -> None:
    brings(town, YARD)
    accepts(town)
    with town.house.database.writing() as db:
        asked = own.questionnaires_for(db, town.schools[COLLEGE])[NAME]
        one = draft(town, db, plan(questionnaire=asked, opens_on=today() + timedelta(days=12)), today())
        own.refuse(db, town.schools[COLLEGE], row(town).digest, town.membership("head").account_id, today())
    at = f"{SURVEYS}/{one.id}/planned"
    answer = town.browser("head").post(at, {"told": "notice"})
    assert answer.status_code == 400
    assert "il attend votre accord" in unescape(answer.text)
    with town.house.database.reading() as db:
        assert campaigns.campaigns(db, town.schools[COLLEGE])[0].state == "draft"


@pytest.mark.parametrize("who", ["admin", "alba", "clerk", "other_head"])
def test_nobody_but_the_head_of_the_school_accepts(town: Town, who: str) -> None:
    brings(town, YARD)
    for said in ("accept", "refuse"):
        answer = town.browser(who).post(page_of(town), {**YES, "said": said, "acting_in": str(town.schools[OTHER])})
        assert answer.status_code in {403, 404}
    assert row(town).accord == Accord.WAITING


@pytest.mark.parametrize("audience", ["parents", "staff"])
def test_what_is_for_adults_waits_too(town: Town, db: Session, audience: str) -> None:
    school, by = town.schools[COLLEGE], town.membership("admin").account_id
    made = asked_with(CALM) | {"audience": audience}
    own.keep(db, school, made, by, DAY)
    assert NAME not in own.questionnaires_for(db, school, [Audience(audience)])
    own.accept(db, school, own.rows(db, school)[0].digest, {}, by, DAY)
    assert NAME in own.questionnaires_for(db, school, [Audience(audience)])


# --- What needs no accord --------------------------------------------------------------------------------------------


def test_what_is_composed_of_the_bank_alone_waits_for_nobody_and_own_words_do(town: Town) -> None:
    admin = town.browser("admin")
    alone, mixed = began(admin, "Le climat"), composed(admin)
    assert admin.fill(f"{alone}/bank", {"items": CLIMATE}, "page").status_code == 303
    assert "il attend l’accord" not in words(admin, alone)
    assert "il attend l’accord" in words(admin, mixed)
    for at in (alone, mixed):
        assert presses(admin, at, "/keep").status_code == 303
    page = words(town.browser("alba"), OPEN)
    assert "Le climat" in page
    assert "La vie à la cantine" not in page
    assert MEAL["text-fr"] in words(town.browser("head"), _waiting(town))


def _waiting(town: Town) -> str:
    [at] = re.findall(rf'href="/ent({AT}/[0-9a-f]+/accord)"', town.browser("head").get(SURVEYS).text)
    return str(at)


@pytest.mark.parametrize("name", sorted(content.questionnaires()))
def test_every_questionnaire_of_the_shelf_needs_none(name: str) -> None:
    assert not needed(content.questionnaires()[name].data)
    assert not needed(content.questionnaires()[name].without_sensitive.data)


def _climate() -> dict[str, Any]:
    """The data of the shelf's largest, to be changed."""
    return deepcopy(dict(content.questionnaires()["school-climate"].data))


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a question": lambda page: page["items"][0]["text"].update(fr="Es-tu homosexuel ?"),
    "in one language": lambda page: page["items"][0]["text"].update(ar="هل يضربك أحد في البيت؟"),
    "for the young": lambda page: page["items"][0].update(text_ecole=texts("Chez toi, on crie ?")),
    "a hint": lambda page: page["items"][0].update(hint=texts("À la maison.")),
    "a heading": lambda page: page.update(title=texts("À la maison")),
    "an introduction": lambda page: page.update(intro=texts("Pense à ta famille.")),
    "an item more": lambda page: page["items"].append({**page["items"][0], "id": "x", "text": texts("Et chez toi ?")}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_other_word_needs_one(change: Callable[[dict[str, Any]], object]) -> None:
    data = _climate()
    change(data["sections"][0])
    assert needed(data)


def test_a_question_of_the_bank_without_its_mark_needs_one_and_so_do_other_answers() -> None:
    data = _climate()
    data["scales"] = {name: {**scale} for name, scale in data["scales"].items()}
    first = data["sections"][0]["items"][0]
    scale = data["scales"][first["scale"]]
    scale["choices"] = [{**one, "label": dict.fromkeys(LANGUAGES, "Mon père")} for one in scale["choices"]]
    assert needed(data)
    data = _climate()
    for section in data["sections"]:
        for one in section["items"]:
            one.pop("sensitive", None)
    assert needed(data)


# --- Marks -----------------------------------------------------------------------------------------------------------


def test_what_rests_on_a_marked_question_is_marked_and_nothing_on_sexuality_is_left_for_the_ecole() -> None:
    first = item("first", LOVE, 2) | {"levels": ["ecole", "college"], "text_ecole": texts(LOVE)}
    second = item("second", "Souvent ?", 2) | {
        "levels": ["ecole", "college"],
        "relevant": {"any": [{"item": "first", "is": ["c0"]}]},
    }
    data = marked(asked_with(first, second), {"first": "sexuality", "second": "home"})
    one, other = data["sections"][0]["items"]
    assert (one["sensitive"], one["levels"], "text_ecole" in one) == ("sexuality", ["college"], False)
    assert (other["sensitive"], other["levels"]) == ("home", ["college"])
    data = marked(asked_with(first, second), {"first": "home"})
    assert [one["sensitive"] for one in data["sections"][0]["items"]] == ["home", "home"]
    assert marked(data, {"first": "", "second": ""}) == asked_with(first, second)


# --- Reading ---------------------------------------------------------------------------------------------------------

READERS = ["head", "alba", "petit", "nurse", "clerk", "admin"]


@pytest.mark.parametrize("who", READERS)
def test_whoever_works_here_reads_what_is_offered_with_what_is_off(town: Town, who: str) -> None:
    """Among them those who must read sensitive questions before the head decides."""
    browser = town.browser(who)
    asked = content.questionnaires()["school-climate"]
    assert f'href="/ent{AT}/{asked.digest}"' in browser.get(TO_READ).text
    for digest in (asked.digest, asked.without_sensitive.digest):
        page = words(browser, f"{AT}/{digest}")
        assert asked.sensitive[0].text["fr"] in page
        assert page.count("Pas posée ici") == len(asked.sensitive) + len(asked.texts)
        assert f'id="{asked.sensitive[0].id}"' not in page  # not among the questions as a pupil has them
    with town.house.database.writing() as db:
        by = town.membership("head").account_id
        sensitive.decide(db, town.schools[COLLEGE], asked=True, by=by, today=today())
    page = words(browser, f"{AT}/{asked.digest}")
    assert page.count("Pas posée ici") == len(asked.texts) == 1
    assert f'id="{asked.sensitive[0].id}"' in page
    with town.house.database.writing() as db:
        sensitive.decide(db, town.schools[COLLEGE], asked=True, by=by, today=today(), what=sensitive.Wanted.TEXTS)
    assert "Pas posée ici" not in words(browser, f"{AT}/{asked.digest}")
    assert ("/file" in page) is (who == "admin")


@pytest.mark.parametrize("who", ["lina", "karim", "referent", "other_head"])
def test_nobody_else_reads_what_this_school_brought(town: Town, who: str) -> None:
    brings(town, YARD)
    accepts(town)
    for at in (f"{AT}/{row(town).digest}", TO_READ):
        answer = town.browser(who).get(at)
        assert answer.status_code in {403, 404} or (who == "other_head" and YARD not in answer.text)


def test_a_campaign_is_read_as_it_was_frozen_and_a_draft_by_its_head_alone(town: Town) -> None:
    brings(town, YARD)
    accepts(town)
    with town.house.database.writing() as db:
        asked = own.questionnaires_for(db, town.schools[COLLEGE])[NAME]
        planned = draft(town, db)
    one = announced(town, plan(questionnaire=asked))
    brings(town, "Tout autre chose ?")
    for who in READERS[:-1]:
        assert YARD in words(town.browser(who), f"{SURVEYS}/{one.id}/asked")
        wanted = 200 if who == "head" else 404
        assert town.browser(who).get(f"{SURVEYS}/{planned.id}/asked").status_code == wanted
    for at in (f"{SURVEYS}/{one.id}/planned", f"{SURVEYS}/{planned.id}/planned"):
        assert at.replace("/planned", "/asked") in town.browser("head").get(at).text


def test_a_teacher_reads_before_opening(town: Town) -> None:
    with town.house.database.writing() as db:
        one = start(town, db, "5e A", day=today())
    page = words(town.browser("alba"), OPEN)
    assert f"{SURVEYS}/{one.id}/asked" in page
    found = re.findall(rf'href="/ent({AT}/[0-9a-f]+)"', page)
    assert found
    for at in found:
        assert town.browser("alba").get(at).status_code == 200
