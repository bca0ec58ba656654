"""The editor's pages: composed by the forms alone, as without a script, until a class answers."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from ent_module.surveys import own, sensitive
from ent_module.surveys.composing import service
from ent_module.surveys.composing.draft import MOST_ITEMS, Written
from ent_module.surveys.content import questionnaires
from ent_module.surveys.tables import OwnQuestionnaire, QuestionnaireDraft
from tests.support.forms import form as form_of
from tests.support.life import today
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import rows
from tests.surveys.composing import (
    CLIMATE,
    MEAL,
    NEW,
    SHELF,
    began,
    composed,
    drafted,
    kept,
    named,
    order,
    presses,
    read,
    words,
)


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the pages show has nothing to do with the database; what is kept has (test_composing.py)."""
    return str(request.param)


def test_a_question_goes_up_and_down_by_buttons_and_the_keyboard_stays_with_it(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    first = order(town, at)
    meal = named(town, at, "Le repas est calme ?")
    answer = presses(admin, at, f"/{meal}/move", to="up")
    assert answer.headers["Location"].endswith(f"#up-question-{meal}")
    assert f'id="up-question-{meal}"' in admin.get(at).text
    assert order(town, at) == [*first[:2], first[3], first[2]]
    for _time in range(5):
        answer = presses(admin, at, f"/{meal}/move", to="up")
    assert order(town, at)[0] == "Le repas est calme ?"
    assert answer.headers["Location"].endswith(f"#question-{meal}")  # there is no « Monter » any more
    assert f'id="up-question-{meal}"' not in admin.get(at).text
    presses(admin, at, f"/{meal}/move", to="down")
    assert order(town, at)[0] != "Le repas est calme ?"
    assert admin.post(f"{at}/questions/{meal}/move", {"to": "aside"}).status_code == 400


def test_pages_are_added_named_moved_and_taken_away_with_what_they_hold(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    assert admin.fill(f"{at}/pages", {"title-fr": "Le service"}, "title-fr").status_code == 303
    page = drafted(town, at).sections[-1]["id"]
    assert "Aucune question : personne ne verra cette page." in read(admin, at)
    presses(admin, at, f"/pages/{page}/move", to="up")
    assert drafted(town, at).sections[-2]["id"] == page
    admin.fill(f"{at}/pages/{page}", {"title-fr": "Le repas", "title-ar": "الوجبة"}, "title-fr")
    assert drafted(town, at).section(page)["title"] == {"fr": "Le repas", "ar": "الوجبة"}
    first = drafted(town, at).sections[0]["id"]
    presses(admin, at, f"/pages/{first}/remove")
    assert first not in [section["id"] for section in drafted(town, at).sections]
    presses(admin, at, f"/questions/{named(town, at, 'Le repas est calme ?')}/remove")
    assert "Le repas est calme ?" not in read(admin, at)


MISTAKEN: tuple[tuple[dict[str, str], str], ...] = (
    ({"text-fr": ""}, "Écrivez ce texte en français."),
    ({"text-fr": "a" * 301}, "Ce texte est trop long"),
    ({"text-ar": "{perroquet}"}, "Écrivez sans accolades"),
    ({"answers-fr": "Une seule"}, "Écrivez au moins 2 réponses"),
    ({"answers-fr": "\n".join(map(str, range(13)))}, "Écrivez 12 réponses au plus."),
    ({"answers-fr": "Oui\nNon\noui"}, "Une réponse y est deux fois."),
    ({"answers-en": "Yes\nNo"}, "Écrivez autant de lignes qu’en français"),
    ({"scale": ""}, "Choisissez les réponses possibles."),
    ({"scale": "no.such"}, "Choisissez les réponses possibles."),
)


def test_a_mistake_is_told_and_nothing_typed_is_lost(town: Town) -> None:
    admin = town.browser("admin")
    at, kept_so_far = began(admin), dict[str, str]()
    for typed, sentence in MISTAKEN:
        whole = {**MEAL, "text-en": "Parrot?", "answers-ar": "نعم\nلا\nأحيانًا", **typed}
        answer = admin.fill(f"{at}/questions", whole, "text-fr")
        assert answer.status_code == 422
        assert sentence in words(answer)
        again = form_of(answer.text, "text-fr").values
        kept_so_far = {name: values[0] for name, values in again.items()}
        assert {name: kept_so_far[name] for name in whole if name != "scale"} == {
            name: value for name, value in whole.items() if name != "scale"
        }
        assert not order(town, at)
    mended = {**kept_so_far, **MEAL}
    assert admin.post(f"{at}/questions", mended).status_code == 303
    assert order(town, at) == ["Le repas est calme ?"]


def test_titles_and_translations_keep_what_was_typed_too(town: Town) -> None:
    admin = town.browser("admin")
    answer = admin.fill(NEW, {"title-fr": "", "title-ar": "حياة", "levels": ["lycee"]}, "title-fr")
    assert answer.status_code == 422
    assert form_of(answer.text, "title-fr").values["title-ar"] == ["حياة"]
    assert form_of(answer.text, "title-fr").values["levels"] == ["lycee"]
    at = composed(admin)
    answer = admin.fill(f"{at}/title", {"summary-en": "Parrot"}, "title-fr")
    assert (answer.status_code, form_of(answer.text, "title-fr").values["summary-en"]) == (422, ["Parrot"])
    answer = admin.fill(f"{at}/pages", {"title-fr": "a" * 121}, "title-fr")
    assert (answer.status_code, form_of(answer.text, "title-fr").values["title-fr"]) == (422, ["a" * 121])
    answer = admin.fill(f"{at}/translations/ar", {"asked.title": "{"}, "asked.title")
    assert (answer.status_code, form_of(answer.text, "asked.title").values["asked.title"]) == (422, ["{"])


def test_levels_and_the_sentence_for_teachers_are_changed_on_their_page(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    changed = {"title-fr": "Le repas", "summary-fr": "Une minute.", "levels": ["lycee", "college"]}
    assert admin.fill(f"{at}/title", changed, "title-fr").status_code == 303
    draft = drafted(town, at)
    assert (draft.asked["title"]["fr"], draft.asked["summary"], draft.levels) == (
        "Le repas",
        {"fr": "Une minute."},
        ["college", "lycee"],
    )
    admin.fill(f"{at}/title", {"summary-fr": "", "levels": ["ecole"]}, "title-fr")
    draft = drafted(town, at)
    assert ("summary" in draft.asked, draft.levels) == (False, ["ecole", "college"])  # the own level stays


def test_what_is_missing_is_counted_said_and_asked_in_french(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    # « Oui » and « Non » are the bank's; « Parfois », the question and the title are not
    assert "Arabe 3 textes à traduire" in read(admin, at)
    page = read(admin, f"{at}/translations/ar")
    assert "3 textes sur 7 ne sont pas traduits." in page
    assert "s’aident entre eux" not in page  # the bank's own
    field = f"question.{named(town, at, 'Le repas est calme ?')}.text"
    admin.fill(f"{at}/translations/ar", {"asked.title": "الحياة في المطعم", field: "هل الوجبة هادئة؟"}, field)
    assert "Arabe 1 texte à traduire" in read(admin, at)
    presses(admin, at, "/keep")
    data = kept(town).data
    assert data["title"] == {"fr": "La vie à la cantine", "en": "La vie à la cantine", "ar": "الحياة في المطعم"}
    assert admin.get(f"{at}/translations/fr").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("fr", "Je passe"), ("en", "I skip this"), ("ar", "هل الوجبة هادئة؟")])
def test_the_preview_is_in_the_language_and_level_that_are_chosen(town: Town, language: str, said: str) -> None:
    admin = town.browser("admin")
    at = began(admin)
    admin.fill(f"{at}/questions", {**MEAL, "text-ar": "هل الوجبة هادئة؟"}, "text-fr")
    admin.fill(f"{at}/bank", {"items": ["school-climate.climate_help"]}, "page")
    admin.fill(f"{at}/title", {"levels": ["ecole"]}, "title-fr")
    page = admin.get(f"{at}/preview?language={language}&level=ecole").text
    telephone = page.partition('class="preview telephone')[2]
    assert telephone.startswith(" for-young")
    assert said in telephone
    assert '<html lang="fr"' in page  # the page around it stays the reader's
    assert f'<div lang="{language}"' in page
    climate = questionnaires()["school-climate"]
    young = next(item for item in climate.items("ecole") if item.id == "climate_help")
    assert young.wording("ecole")[language] in unescape(telephone)
    assert admin.get(f"{at}/preview?language=xx&level=region").status_code == 200


def test_the_bank_offers_what_fits_and_says_what_is_there(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    page = admin.get(f"{at}/bank")
    assert 'value="school-climate.told"' in page.text
    assert 'value="school-climate.bullied"' not in page.text
    assert words(page).count("déjà dans le brouillon") == 3
    assert 'value="school-climate.place_ecole"' not in page.text  # for écoles only
    assert "Solberg & Olweus (2003)" in words(page)
    assert "CC BY 4.0" in words(page)
    assert admin.fill(f"{at}/bank", {}, "page").status_code == 422
    assert admin.post(f"{at}/bank", {"items": ["school-climate.told"], "page": "no_such"}).status_code == 400


def test_sensitive_questions_are_marked_and_off_until_the_head_has_decided(town: Town) -> None:
    admin = town.browser("admin")
    at = began(admin)
    page = admin.get(f"{at}/bank").text
    boxes = re.findall(r'<input type="checkbox" name="items" value="school-climate\.form_sexual"[^>]*>', page)
    assert len(boxes) == 1
    assert "disabled" in boxes[0]
    assert "La direction le décide" in page
    wanted = {"items": ["school-climate.form_sexual", "school-climate.bullied"], "page": ""}
    assert admin.post(f"{at}/bank", wanted).status_code == 303  # by a form that no page of ours sends
    assert len(order(town, at)) == 1
    assert admin.post(f"{at}/bank", {"items": ["school-climate.form_sexual"]}).status_code == 422
    with town.house.database.writing() as db:
        by = town.membership("head").account_id
        sensitive.decide(db, town.schools[COLLEGE], asked=True, by=by, today=today())
    assert admin.fill(f"{at}/bank", wanted, "page").status_code == 303
    assert "sensible" in read(admin, at)
    presses(admin, at, "/keep")
    with town.house.database.writing() as db:
        school = town.schools[COLLEGE]
        sensitive.decide(db, school, asked=False, by=by, today=today())
        asked = own.questionnaires_for(db, school)[kept(town).name]
    assert [item.id for item in asked.items("college")] == ["bullied"]  # whatever was kept while they were


def test_a_full_draft_takes_no_more_and_loses_no_ticks(town: Town) -> None:
    admin = town.browser("admin")
    at = began(admin)
    with town.house.database.writing() as db:
        place, draft_id = town.schools[COLLEGE], UUID(at.rpartition("/")[2])
        draft = service.hold(db, place, draft_id)
        page = draft.last_page()
        for number in range(MOST_ITEMS - 1):
            answers = [{"fr": "Oui"}, {"fr": "Non"}]
            draft.write(Written({"fr": f"Question {number} ?"}, several=False, answers=answers), page)
        service.save(db, place, draft_id, draft, today())
    answer = admin.fill(f"{at}/bank", {"items": CLIMATE}, "page")
    assert answer.status_code == 422
    assert "Un questionnaire a 40 questions au plus." in words(answer)
    assert form_of(answer.text, "items").values["items"] == sorted(CLIMATE, key=list(_keys(answer)).index)
    assert len(order(town, at)) == MOST_ITEMS - 1
    assert admin.fill(f"{at}/questions", MEAL, "text-fr").status_code == 303
    assert "Le questionnaire est plein" in read(admin, at)
    assert admin.fill(f"{at}/questions", {**MEAL, "text-fr": "Une de trop ?"}, "text-fr").status_code == 422


def _keys(answer: TestResponse) -> list[str]:
    return re.findall(r'name="items" value="([^"]+)"', answer.text)


def test_questions_that_identify_together_are_refused_with_the_numbers(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    background: list[tuple[str, list[str]]] = [
        ("Es-tu une fille ou un garçon ?", ["Fille", "Garçon"]),
        ("En quel mois es-tu né ?", [f"Mois {number}" for number in range(1, 13)]),
    ]
    for text, answers in background:
        question = {**MEAL, "text-fr": text, "answers-fr": "\n".join(answers)}
        assert admin.fill(f"{at}/questions", question, "text-fr").status_code == 303
    page = admin.get(at)
    assert "Ces questions, ensemble, feraient reconnaître un élève" in words(page)
    assert "24 groupes. Tant que l’effectif n’est pas connu, 12 sont permis." in words(page)
    assert "/keep" not in page.text
    assert admin.post(f"{at}/keep").status_code == 422
    with town.house.database.reading() as db:
        assert rows(db, OwnQuestionnaire) == 0
    opening = {"questionnaire": "school-climate", "told": "yes", "place": "shared", "pupils": "30"}
    for code in ("6e B", "5e A"):
        town.browser("alba").fill("/staff/surveys/open", {**opening, "class_code": code}, "class_code")
    assert "24 groupes pour 60 élèves : 2 élèves par groupe, au lieu de 10 au moins." in read(admin, at)
    presses(admin, at, f"/questions/{named(town, at, 'En quel mois es-tu né ?')}/remove")
    assert presses(admin, at, "/keep").status_code == 303


def test_one_of_the_bank_is_not_rewritten_and_one_of_the_schools_own_is(town: Town) -> None:
    admin = town.browser("admin")
    at = composed(admin)
    assert admin.get(f"{at}/questions/bullied").status_code == 404
    assert admin.post(f"{at}/questions/bullied", MEAL).status_code == 404
    name = named(town, at, "Le repas est calme ?")
    values = form_of(admin.get(f"{at}/questions/{name}").text, "text-fr").values
    assert (values["answers-fr"], values["answers-ar"], values["scale"]) == (
        ["Oui\nNon\nParfois"],
        ["نعم\nلا\n"],
        ["own"],
    )
    before = drafted(town, at)
    assert admin.fill(f"{at}/questions/{name}", {}, "text-fr").status_code == 303
    assert drafted(town, at) == before  # saved as it was, nothing has changed
    frequency = next(key for key in re.findall(r'name="scale" value="([^"]+)"', admin.get(f"{at}/questions").text))
    admin.fill(f"{at}/questions/{name}", {"text-fr": "Le repas va bien ?", "scale": frequency}, "text-fr")
    assert drafted(town, at).item(name)["text"] == {"fr": "Le repas va bien ?"}
    assert f"answers_{name}" not in drafted(town, at).asked["scales"]


def test_going_on_from_the_shelf_and_from_ones_own(town: Town) -> None:
    admin = town.browser("admin")
    found = form_of(admin.get(SHELF).text, "/compose")
    answer = admin.post(found.action.removeprefix("/ent"), found.values)
    at = answer.headers["Location"].removeprefix("/ent")
    presses(admin, at, "/keep")
    row = kept(town)
    answer = admin.post(f"{SHELF}/{row.digest}/compose")
    again = answer.headers["Location"].removeprefix("/ent")
    admin.fill(f"{again}/questions", MEAL, "text-fr")
    presses(admin, again, "/keep")
    assert (kept(town).name, kept(town).data["version"]) == (row.name, 2)
    assert admin.post(f"{SHELF}/{'0' * 64}/compose").status_code == 404


@pytest.mark.parametrize("audience", ["parents", "staff"])
def test_one_for_adults_is_made_of_what_is_written_for_them_and_opened_by_the_head(town: Town, audience: str) -> None:
    admin = town.browser("admin")
    answer = admin.fill(NEW, {"title-fr": "Notre collège", "audience": audience}, "title-fr")
    at = answer.headers["Location"].removeprefix("/ent")
    keys = _keys(admin.get(f"{at}/bank"))
    assert {key.partition(".")[0] for key in keys} == {f"{audience}-climate"}
    admin.fill(f"{at}/bank", {"items": keys[:2]}, "page")
    assert "la direction peut l’ouvrir" in read(admin, at)
    presses(admin, at, "/keep")
    assert kept(town).data["audience"] == audience
    assert "Notre collège" in town.browser("head").get("/staff/surveys/campaigns/new").text
    assert "Notre collège" not in town.browser("alba").get("/staff/surveys/open").text


def test_a_draft_is_thrown_away_and_a_full_list_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    admin = town.browser("admin")
    at = began(admin)
    answer = admin.fill(NEW, {"title-fr": "Encore"}, "title-fr")
    assert answer.status_code == 400
    assert "brouillons au plus" in words(answer)
    assert presses(admin, at, "/remove").status_code == 303
    assert admin.get(at).status_code == 404
    with town.house.database.reading() as db:
        assert rows(db, QuestionnaireDraft) == 0


def test_markup_in_a_draft_is_text_everywhere(town: Town) -> None:
    admin = town.browser("admin")
    mark = "<script>alert(1)</script>"
    at = began(admin, f"Un {mark}")
    question: dict[str, Any] = {**MEAL, "text-fr": f"Un {mark} ?", "answers-fr": f"{mark} a\nb"}
    admin.fill(f"{at}/questions", question, "text-fr")
    assert len(order(town, at)) == 1
    for rest in ("", "/title", "/bank", "/translations/ar", "/preview"):
        assert mark not in admin.get(f"{at}{rest}").text
    answer = admin.fill(f"{at}/questions", {**question, "text-fr": f"{mark}{{"}, "text-fr")
    assert answer.status_code == 422
    assert mark not in answer.text


def test_a_draft_is_its_schools_alone_and_its_local_admins(town: Town) -> None:
    at = composed(town.browser("admin"))
    for rest in ("", "/bank", "/title", "/preview", "/questions", "/pages", "/translations/ar"):
        assert town.browser("other_admin").get(f"{at}{rest}").status_code == 404
        for who in ("lina", "karim", "alba", "head"):
            assert town.browser(who).get(f"{at}{rest}").status_code == 403
    assert "La vie à la cantine" not in town.browser("other_admin").get(SHELF).text


@pytest.mark.parametrize(("language", "word"), [("en", "Draft"), ("ar", "مسودة")])
def test_the_pages_are_there_in_each_language(town: Town, language: str, word: str) -> None:
    at = composed(town.browser("admin"))
    admin = town.browser("admin", language)
    assert word in admin.get(at).text
    for rest in ("", "/title", "/bank", "/questions", "/pages", "/translations/ar", "/preview"):
        text = admin.get(f"{at}{rest}").text
        assert not re.search("Enregistrer|Ajouter|Enlever|Revenir|Brouillon|Traduire", text), rest
