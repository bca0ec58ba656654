"""A question that is answered in words, in a questionnaire that a school composes: marked as off, and asked only where
its head has decided so."""

import pytest

from ent_module.surveys import own, sensitive
from ent_module.surveys.bank import entries
from ent_module.surveys.composing.checks import Trouble, verdict
from ent_module.surveys.composing.draft import Draft, Written
from ent_module.surveys.interchange.reading import read_file
from ent_module.surveys.interchange.xlsform_write import write_xlsform
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.parts import Audience
from ent_module.surveys.sensitive import Wanted
from tests.support.life import today
from tests.support.town import COLLEGE, Town
from tests.surveys.composing import MEAL, began, composed, drafted, kept, presses, read
from tests.surveys.own import accepts
from tests.surveys.test_composing import fr, fresh, mistakes, write

WORDS = {"text-fr": "Que changer à la cantine ?", "kind": "text"}


def in_words(draft: Draft, text: str, name: str = "") -> str:
    written = Written(fr(text), several=False, answers=None, in_words=True)
    return str(draft.write(written, draft.last_page(), name)["id"])


def test_a_text_is_composed_kept_and_asked_only_where_the_head_wants_it(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    assert admin.fill(f"{at}/questions", WORDS, "text-fr").status_code == 303
    assert "Quelques mots à écrire. Posée seulement si la direction le décide." in read(admin, at)
    [name] = [item["id"] for item in drafted(town, at).items if item["kind"] == "text"]
    page = admin.get(f"{at}/questions/{name}").text
    assert 'value="text" checked' in page
    assert presses(admin, at, "/keep").status_code == 303
    row = kept(town)
    accepts(town)
    with town.house.database.writing() as db:
        school = town.schools[COLLEGE]
        assert not own.questionnaires_for(db, school)[row.name].texts
        by = town.membership("head").account_id
        sensitive.decide(db, school, asked=True, by=by, today=today(), what=Wanted.TEXTS)
        assert [item.id for item in own.questionnaires_for(db, school)[row.name].texts] == [name]
    assert "Que changer à la cantine ?" in read(town.browser("head"), "/staff/surveys/questionnaires/texts")


def test_a_fourth_is_refused_and_what_was_typed_stays(town: Town) -> None:
    admin = town.browser("admin")
    at = began(admin)
    for number in range(3):
        assert admin.fill(f"{at}/questions", {**WORDS, "text-fr": f"Texte {number}"}, "text-fr").status_code == 303
    answer = admin.fill(f"{at}/questions", WORDS, "text-fr")
    assert answer.status_code == 422
    assert "On écrit dans 3 questions au plus." in answer.text
    assert "Que changer à la cantine" in answer.text
    bank = admin.fill(f"{at}/bank", {"items": ["school-climate.idea"]}, "page")
    assert bank.status_code == 422
    assert admin.fill(f"{at}/questions", MEAL, "text-fr").status_code == 303


def test_at_ecole_no_pupil_is_let_write() -> None:
    assert entries()["school-climate.idea"].item["levels"] == ["college", "lycee"]
    young = Draft.fresh("x", fr("X"), ["ecole"])
    in_words(young, "Quoi ?")
    assert [one.trouble for one in verdict(young, "ecole", None).problems] == [Trouble.EMPTY, Trouble.OTHER_LEVEL]
    adults = Draft.fresh("x", fr("X"), ["ecole"], Audience.PARENTS)
    in_words(adults, "Quoi ?")
    assert adults.items[0]["levels"] == ["ecole", "college", "lycee"]


def test_a_question_becomes_one_in_words_and_back() -> None:
    draft = fresh("school-climate.bullied")
    name = write(draft, "Le repas est calme ?", "Oui", "Non")
    assert mistakes(draft) == []
    in_words(draft, "Le repas est calme ?", name)
    assert draft.item(name).keys() == {"id", "text", "kind", "levels", "source", "licence"}
    assert mistakes(draft) == []
    write(draft, "Le repas est calme ?", "Oui", "Non", name=name)
    assert draft.item(name)["kind"] == "one"
    assert mistakes(draft) == []


def test_what_is_only_to_be_written_is_no_questionnaire() -> None:
    draft = Draft.fresh("x", fr("X"), ["college"])
    in_words(draft, "Quoi ?")
    assert [one.trouble for one in verdict(draft, "college", None).problems] == [Trouble.EMPTY]


@pytest.mark.parametrize("hint", [True, False])
def test_it_travels_as_an_xlsform_and_comes_back_the_same(hint: bool) -> None:
    draft = fresh("school-climate.bullied", "school-climate.idea")
    data = draft.asked | {"title": dict.fromkeys(("fr", "en", "ar"), "X"), "licence": "CC BY 4.0"}
    if hint:
        draft.item("idea")["hint"] = dict.fromkeys(("fr", "en", "ar"), "Quelques mots")
    back = read_file(write_xlsform(data), ["lycee"])
    assert back.findings == ()
    assert back.data
    assert Questionnaire.from_data(back.data).digest == Questionnaire.from_data(data).digest
