"""Drafts of a school's own questionnaires: what may be done with them, what speaks against them, what they become."""

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.surveys import bank, own, sensitive
from ent_module.surveys.background import is_background
from ent_module.surveys.bank import entries, scales
from ent_module.surveys.composing import checks, service, texts
from ent_module.surveys.composing.checks import Trouble
from ent_module.surveys.composing.draft import DOWN, MOST_ITEMS, UP, Draft, Written
from ent_module.surveys.content import faults, questionnaires
from ent_module.surveys.interchange.reading import read_file
from ent_module.surveys.interchange.xlsform_write import write_xlsform
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.parts import Audience, scale_of
from ent_module.surveys.tables import CampaignClass, QuestionnaireDraft
from tests.support.town import COLLEGE, ECOLE, OTHER, Town
from tests.surveys.campaign import DAY, rows, start
from tests.surveys.interchange.test_round_trip import xform

AGREEMENT = "school-climate.climate_help"
FREQUENCY = "school-climate.bullied"


def fr(text: str) -> dict[str, str]:
    return {"fr": text}


def fresh(*keys: str, levels: tuple[str, ...] = ("college",)) -> Draft:
    """A draft with these questions of the bank."""
    draft = Draft.fresh("essai-1", fr("Essai"), levels)
    for key in keys:
        draft.add(entries()[key], entries())
    return draft


def write(draft: Draft, text: str, *answers: str, several: bool = False, name: str = "") -> str:
    """A question of the school's own, on the last page."""
    written = Written(fr(text), several, [fr(one) for one in answers])
    return str(draft.write(written, draft.last_page(), name)["id"])


def shown(draft: Draft) -> list[list[str]]:
    """The ids of the questions, page by page."""
    return [[item["id"] for item in section["items"]] for section in draft.sections]


def mistakes(draft: Draft) -> list[str]:
    """What the check of the shelf says of what the draft becomes."""
    data = checks.finished(draft)
    return [fault.message for fault in faults(json.dumps(data, ensure_ascii=False, indent=1), data["id"])]


# --- The bank --------------------------------------------------------------------------------------------------------


def test_the_bank_has_every_question_of_the_shelf_with_its_answers_and_where_it_is_from() -> None:
    found = entries()
    count = sum(len(section.items) for asked in questionnaires().values() for section in asked.sections)
    assert len(found) == count > 40
    for entry in found.values():
        assert entry.scale["choices"] or entry.is_text
        assert entry.item["source"]
        assert entry.item["licence"]
    assert {entry.item["id"] for entry in found.values() if entry.is_sensitive} >= {
        "form_sexual",
        "form_discriminatory",
        "safety_home",
    }


def test_answers_to_choose_from_are_there_once_and_are_no_bands() -> None:
    words = [tuple(label["fr"] for label in scale.labels) for scale in scales().values()]
    assert len(words) == len(set(words)) > 5
    assert not [scale for scale in scales().values() if "to" in scale.data]
    assert bank.translations("oui")["ar"] == "نعم"
    assert bank.translations("perroquet") == {}


def test_questions_for_adults_are_not_offered_to_pupils() -> None:
    assert {entry.asked.audience for entry in entries(Audience.PUPILS).values()} == {Audience.PUPILS}
    assert set(entries(Audience.PUPILS)) | set(entries(Audience.PARENTS)) | set(entries(Audience.STAFF)) == set(
        entries()
    )


# --- Composing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", questionnaires().values(), ids=lambda asked: asked.id)
def test_each_question_of_the_bank_alone_makes_a_whole_questionnaire(asked: Questionnaire) -> None:
    for entry in entries().values():
        if entry.asked is asked and not entry.is_text:
            draft = fresh(entry.key, levels=tuple(entry.item["levels"]))
            assert mistakes(draft) == [], entry.key
            assert texts.missing(draft) == {"en": 1, "ar": 1}, entry.key  # the title alone


def test_the_whole_bank_together_keeps_every_id_and_every_scale_apart() -> None:
    draft = fresh(*entries(Audience.PUPILS), levels=("ecole", "college", "lycee"))
    assert [fault for fault in mistakes(draft) if "bytes" not in fault] == []
    given = {
        (one.item["text"]["fr"], json.dumps(one.scale, ensure_ascii=False)) for one in entries(Audience.PUPILS).values()
    }
    made = [
        (one["text"]["fr"], json.dumps(scale_of(one, draft.asked["scales"]), ensure_ascii=False)) for one in draft.items
    ]
    assert (len(made), set(made)) == (len(given), given)


def test_a_question_comes_with_the_one_on_which_it_depends_and_once() -> None:
    draft = fresh("boarding.boarding_sleep", "boarding.boarding_sleep", "boarding.boarding_nights")
    assert shown(draft) == [["boarding_nights"], ["boarding_sleep"]]
    draft.move("boarding_sleep", UP)
    assert checks.verdict(draft, "college", None).is_good
    draft.move("boarding_sleep", UP)
    assert shown(draft) == [["boarding_sleep", "boarding_nights"], []]
    [problem] = checks.verdict(draft, "college", None).problems
    assert (problem.trouble, problem.item) == (Trouble.NOT_AFTER, draft.item("boarding_sleep"))
    assert mistakes(draft)  # and the check of the shelf would say so too


def test_two_questions_of_one_id_stay_two() -> None:
    draft = fresh(FREQUENCY)
    other = dict(entries()[AGREEMENT].item) | {"id": "bullied"}
    entry = entries()[AGREEMENT]
    draft.add(bank.Entry("x.y", other, entry.scale, entry.section, entry.asked), entries())
    assert shown(draft) == [["bullied"], ["bullied_2"]]


def test_moving_goes_past_the_ends_of_pages_and_stops_at_the_ends_of_all() -> None:
    draft = fresh(AGREEMENT, "school-climate.climate_listen", FREQUENCY)
    assert shown(draft) == [["climate_help", "climate_listen"], ["bullied"]]
    draft.move("climate_help", DOWN)
    draft.move("climate_help", DOWN)
    assert shown(draft) == [["climate_listen"], ["climate_help", "bullied"]]
    draft.move("climate_help", UP)
    assert shown(draft) == [["climate_listen", "climate_help"], ["bullied"]]
    for _time in range(3):
        draft.move("bullied", DOWN)
        draft.move("climate_listen", UP)
    assert shown(draft) == [["climate_listen", "climate_help"], ["bullied"]]
    draft.move_section(draft.sections[1]["id"], UP)
    draft.move_section(draft.sections[0]["id"], UP)
    assert shown(draft) == [["bullied"], ["climate_listen", "climate_help"]]
    draft.remove_section(draft.sections[0]["id"])
    draft.remove("climate_help")
    assert shown(draft) == [["climate_listen"]]
    assert list(draft.asked["scales"]) == ["agreement"]
    with pytest.raises(LookupError):
        draft.move("bullied", UP)
    with pytest.raises(LookupError):
        draft.remove_section("x")


def test_a_question_of_the_schools_own_has_its_words_or_answers_of_the_bank() -> None:
    draft = fresh()
    own_words = write(draft, "Tu manges assez ?", "Oui", "Non")
    frequency = next(one for one in scales().values() if one.look == "frequency" and one.common)
    theirs = draft.write(Written(fr("Tu cours ?"), several=False, answers=frequency), draft.last_page())
    assert (theirs["kind"], theirs["look"]) == ("one", "frequency")
    several = draft.write(Written(fr("Tu cours où ?"), several=True, answers=frequency), draft.last_page())
    assert (several["kind"], "look" in several) == ("several", False)
    assert mistakes(draft) == []
    write(draft, "Tu manges assez ?", "Oui", "Non", "Parfois", name=own_words)
    assert [choice["id"] for choice in draft.asked["scales"][draft.item(own_words)["scale"]]["choices"]] == [
        "c1",
        "c2",
        "c3",
    ]
    assert len({item["id"] for item in draft.items}) == 3
    assert mistakes(draft) == []


def test_words_that_change_leave_answers_of_other_questions_alone() -> None:
    """Two questions with the same answers, as a file may have them: only one of them changes."""
    draft = fresh()
    first, second = write(draft, "Un ?", "Oui", "Non"), write(draft, "Deux ?", "Haut", "Bas")
    draft.item(second)["scale"] = draft.item(first)["scale"]
    write(draft, "Deux ?", "Chaud", "Froid", name=second)
    scales_now = draft.asked["scales"]
    assert scales_now[draft.item(first)["scale"]]["choices"][0]["label"] == fr("Oui")
    assert scales_now[draft.item(second)["scale"]]["choices"][0]["label"] == fr("Chaud")


def test_an_answer_that_the_bank_has_is_translated_by_itself() -> None:
    draft = fresh()
    write(draft, "Un ?", "Oui", "Perroquet")
    texts.translate_known(draft)
    labels = [choice["label"] for choice in next(iter(draft.asked["scales"].values()))["choices"]]
    assert labels[0] == {"fr": "Oui", "en": "Yes", "ar": "نعم"}
    assert labels[1] == fr("Perroquet")


def test_what_is_missing_is_counted_and_asked_in_french() -> None:
    draft = fresh(AGREEMENT)
    write(draft, "Combien ?", "1–3", "Plus")
    assert texts.missing(draft) == {"en": 3, "ar": 3}  # the title, the question, « Plus »; « 1–3 » is no word
    for place in texts.places(draft):
        if place.kind == "question":
            place.texts["ar"] = "كم؟"
    assert texts.missing(draft) == {"en": 3, "ar": 2}
    asked = Questionnaire.from_data(checks.finished(draft))
    question = list(asked.items("college"))[-1]
    assert question.text == {"fr": "Combien ?", "en": "Combien ?", "ar": "كم؟"}
    assert asked.title == dict.fromkeys(("fr", "en", "ar"), "Essai")
    assert texts.missing(draft) == {"en": 3, "ar": 2}  # the draft itself stays as it was


def test_levels_are_those_that_were_chosen_and_a_question_for_others_is_told() -> None:
    draft = fresh(AGREEMENT, "school-climate.climate_rules", levels=("ecole", "college"))
    data = checks.finished(draft)
    assert [item["levels"] for item in data["sections"][0]["items"]] == [["ecole", "college"], ["college"]]
    assert "text_ecole" in data["sections"][0]["items"][0]
    draft.levels = ["college"]
    assert "text_ecole" not in checks.finished(draft)["sections"][0]["items"][0]
    draft.levels = ["ecole"]
    [problem] = checks.verdict(draft, "ecole", None).problems
    assert (problem.trouble, problem.item) == (Trouble.OTHER_LEVEL, draft.item("climate_rules"))


def test_limits() -> None:
    assert [one.trouble for one in checks.verdict(fresh(), "college", None).problems] == [Trouble.EMPTY]
    draft = fresh()
    for number in range(MOST_ITEMS):
        write(draft, f"Question {number} ?", "Oui", "Non")
    assert draft.is_full
    assert checks.verdict(draft, "college", None).is_good
    write(draft, "Une de trop ?", "Oui", "Non")
    [problem] = checks.verdict(draft, "college", None).problems
    assert (problem.trouble, problem.number) == (Trouble.TOO_MANY, MOST_ITEMS + 1)
    long = fresh()
    for number in range(MOST_ITEMS):
        write(long, f"Question {number} ?", *(f"Réponse {one}" for one in range(30)), several=True)
    assert [one.trouble for one in checks.verdict(long, "college", None).problems] == [Trouble.TOO_LONG]


# --- What would identify ---------------------------------------------------------------------------------------------

SEX = ("Es-tu une fille ou un garçon ?", "Fille", "Garçon")
GRADE = ("En quelle classe es-tu ?", "6e", "5e", "4e", "3e")
MONTHS = [f"Mois {number}" for number in range(1, 13)]
MONTH = ("En quel mois es-tu né ?", *MONTHS)


def narrow(draft: Draft, pupils: int | None) -> tuple[int, int | None] | None:
    found = checks.verdict(draft, "college", pupils).narrow
    return None if found is None else (found.groups, found.each)


def one_by_one(draft: Draft, pupils: int | None) -> tuple[int, int | None] | None:
    """A naive rule: each question alone leaves groups that are large enough."""
    for item in Questionnaire.from_data(checks.finished(draft)).items("college"):
        if is_background(item) and (pupils or 0) // len(item.choices) < 10:
            return len(item.choices), (pupils or 0) // len(item.choices)
    return None


def by_hand(*questions: tuple[str, ...]) -> int:
    return prod(len(answers) - 1 for answers in questions)


def refuses(rule: Any) -> None:
    """What each rule must find: 96 groups for 400 pupils are 4 in each."""
    draft = fresh(AGREEMENT)
    for question in (SEX, GRADE):
        write(draft, *question)
    assert rule(draft, 400) is None  # 8 groups of 50
    write(draft, *MONTH)
    assert rule(draft, 400) == (by_hand(SEX, GRADE, MONTH), 4) == (96, 4)
    assert rule(draft, 960) is None
    assert rule(draft, 959) == (96, 9)


def test_questions_that_identify_together_are_refused_by_the_numbers_of_the_school() -> None:
    refuses(narrow)


def test_a_rule_that_looks_at_each_question_alone_is_caught() -> None:
    with pytest.raises(AssertionError):
        refuses(one_by_one)


def test_what_identifies_is_neither_kept_from_a_draft_nor_by_the_rule_for_files(town: Town, db: Session) -> None:
    draft = fresh(AGREEMENT)
    for question in (SEX, GRADE, MONTH):
        write(draft, *question)
    school, by = town.schools[COLLEGE], town.membership("admin").account_id
    start(town, db, *(f"{grade}e {letter}" for grade in "6543" for letter in "AB"))
    for row in db.scalars(select(CampaignClass).where(CampaignClass.establishment_id == school)):
        row.pupils = 50
    db.flush()
    draft_id = service.begin(db, school, draft, DAY)
    found = service.judge(db, school, draft).narrow
    assert found is not None
    assert (found.groups, found.pupils, found.each) == (96, 400, 4)
    with pytest.raises(service.NotReadyError):
        service.keep(db, school, draft_id, by, DAY)
    with pytest.raises(own.RefusedError):
        own.keep(db, school, checks.finished(draft), by, DAY)
    assert not own.rows(db, school)


# --- Drafts of a school ----------------------------------------------------------------------------------------------


def begun(town: Town, db: Session, *keys: str) -> tuple[Any, Any, Any]:
    """The school, the admin's account and a draft with these questions."""
    school = town.schools[COLLEGE]
    return school, town.membership("admin").account_id, service.begin(db, school, fresh(*keys), DAY)


def test_a_kept_draft_is_a_questionnaire_like_those_from_files(town: Town, db: Session, tmp_path: Path) -> None:
    school, by, draft_id = begun(town, db, FREQUENCY, AGREEMENT, "boarding.boarding_where")
    kept = service.keep(db, school, draft_id, by, DAY)
    assert rows(db, QuestionnaireDraft) == 0
    asked = own.questionnaires_for(db, school)[kept.name]
    assert [item.id for item in asked.items("college")] == [
        "bullied",
        "climate_help",
        "boarding_nights",
        "boarding_where",
    ]
    assert asked.data["licence"] == "CC BY 4.0"
    assert read_file(write_xlsform(kept.data), ["college"]).data == kept.data
    assert "climate_help" in xform(write_xlsform(kept.data), tmp_path)


def test_another_schools_draft_is_not_there(town: Town, db: Session) -> None:
    _school, _by, draft_id = begun(town, db, AGREEMENT)
    with pytest.raises(LookupError):
        service.load(db, town.schools[OTHER], draft_id)
    with pytest.raises(LookupError):
        service.remove(db, town.schools[OTHER], draft_id)
    assert not service.rows(db, town.schools[OTHER])


def test_going_on_from_a_kept_one_makes_its_next_version_and_what_a_campaign_asks_is_frozen(
    town: Town, db: Session
) -> None:
    school, by, draft_id = begun(town, db, AGREEMENT)
    kept = service.keep(db, school, draft_id, by, DAY)
    first = own.questionnaires_for(db, school)[kept.name]
    campaign = start(town, db, "6e B", asked=first)
    draft_id = service.begin_from(db, school, first, DAY)
    assert service.begin_from(db, school, first, DAY) == draft_id  # the same one, as long as it is a draft
    draft = service.hold(db, school, draft_id)
    assert texts.missing(draft) == {"en": 1, "ar": 1}  # what repeats the French counts as missing again
    write(draft, "Tu manges assez ?", "Oui", "Non")
    service.save(db, school, draft_id, draft, DAY)
    service.keep(db, school, draft_id, by, DAY)
    now = own.questionnaires_for(db, school)[kept.name]
    assert (first.version, now.version) == (1, 2)
    assert (campaign.digest, len(list(now.items("college")))) == (first.digest, 2)


@pytest.mark.parametrize("asked", questionnaires().values(), ids=lambda asked: asked.id)
def test_each_of_the_shelf_may_be_gone_on_from(town: Town, db: Session, asked: Questionnaire) -> None:
    school = town.schools[ECOLE if asked.for_level("ecole") else COLLEGE]
    draft = service.load(db, school, service.begin_from(db, school, asked, DAY))
    level = "ecole" if asked.for_level("ecole") else "college"
    assert [item["id"] for item in draft.items] == [item.id for item in asked.without_sensitive.items(level)]
    assert texts.missing(draft) == {"en": 0, "ar": 0}
    assert (draft.audience, mistakes(draft)) == (asked.audience, [])
    assert draft.asked["id"] != asked.id


def test_sensitive_questions_are_gone_on_from_only_where_the_head_has_decided(town: Town, db: Session) -> None:
    school, by = town.schools[COLLEGE], town.membership("head").account_id
    climate = questionnaires()["school-climate"]
    before = service.load(db, school, service.begin_from(db, school, climate, DAY))
    assert not [item for item in before.items if "sensitive" in item]
    sensitive.decide(db, school, asked=True, by=by, today=DAY)
    after = service.load(db, school, service.begin_from(db, school, climate, DAY))
    assert {item["id"] for item in after.items if "sensitive" in item} == {item.id for item in climate.sensitive}


def test_a_school_has_so_many_drafts_and_no_more(town: Town, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    school, _by, draft_id = begun(town, db, AGREEMENT)
    with pytest.raises(service.FullError):
        service.begin_from(db, school, questionnaires()["exit-ticket"], DAY)
    service.remove(db, school, draft_id)
    db.flush()
    service.begin_from(db, school, questionnaires()["exit-ticket"], DAY)
