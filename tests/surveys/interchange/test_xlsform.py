"""Other people's XLSForms: what is carried over, and that nothing disappears without a word."""

import json
from typing import Any

import pytest

from ent_module.surveys import content
from ent_module.surveys.interchange.findings import Effect, Why
from ent_module.surveys.interchange.reading import Imported, read_file
from ent_module.surveys.model import Questionnaire
from tests.surveys.interchange.files import asks, form, kobo, workbook


def read(*questions: dict[str, str], **more: Any) -> Imported:
    return read_file(form(asks("first"), *questions, **more), ["college"])


def told(imported: Imported) -> set[tuple[str, Why]]:
    return {(one.what, one.why) for one in imported.findings if one.why not in {Why.TRANSLATION, Why.LICENCE}}


def items(imported: Imported) -> dict[str, dict[str, Any]]:
    assert imported.data is not None
    assert content.faults(json.dumps(imported.data, ensure_ascii=False), imported.data["id"]) == []
    return {item["id"]: item for section in imported.data["sections"] for item in section["items"]}


@pytest.fixture(scope="module")
def imported() -> Imported:
    return read_file(kobo(), ["college"])


def test_a_form_of_kobotoolbox_runs_here(imported: Imported) -> None:
    found = items(imported)
    assert list(found) == ["calme", "ou", "heures", "dit", "raconte", "cour", "bus", "fin"]
    assert {name: one["kind"] for name, one in found.items() if one["kind"] != "one"} == {
        "ou": "several",
        "heures": "number",
        "raconte": "text",
    }
    assert found["dit"]["relevant"] == {"any": [{"item": "calme", "is": ["non"]}]}
    assert found["ou"]["hint"]["fr"] == "Plusieurs réponses."
    asked = Questionnaire.from_data(imported.data or {})
    assert asked.title["fr"] == "Vie au collège"
    assert [len(section.items) for section in asked.for_level("college")] == [5, 2, 1]
    assert asked.for_level("ecole") == ()


def test_its_pages_are_its_groups_and_a_rating_matrix_is_a_grid(imported: Imported) -> None:
    assert imported.data is not None
    pages = imported.data["sections"]
    assert [page["title"]["fr"] for page in pages] == ["Au collège", "Depuis la rentrée…", "Vie au collège"]
    assert pages[0]["intro"]["en"] == "There is no right answer."
    assert pages[1]["look"] == "grid"
    assert pages[1]["items"][0]["text"]["en"] == "in the yard"


def test_a_number_becomes_bands_that_cover_what_was_allowed(imported: Imported) -> None:
    assert imported.data is not None
    scale = imported.data["scales"][items(imported)["heures"]["scale"]]
    assert [choice["from"] for choice in scale["choices"]] == [0, 2, 4, 6, 8]
    assert scale["to"] == 9
    assert ("Heures d’écran par jour", Why.BANDS) in told(imported)


def test_each_thing_that_is_not_carried_over_is_told(imported: Imported) -> None:
    assert told(imported) == {
        ("start", Why.TRACE),
        ("end", Why.TRACE),
        ("deviceid", Why.TRACE),
        ("instance_name: concat(${nom}, ' ', ${calme})", Why.TRACE),
        ("C’est calme en classe.", Why.REQUIRED),
        ("Heures d’écran par jour", Why.BANDS),
        ("En parles-tu ?", Why.OTHER),
        ("Ton nom", Why.PERSON),
        ("Raconte-nous", Why.WRITTEN),
        ("Où es-tu ?", Why.PLACE),
        ("Tes amis", Why.REPEAT),
        ("Un ami ?", Why.REPEAT),
        ("total", Why.CALCULATION),
        ("Encore ?", Why.RELEVANT),
    }
    where = {one.what: one.where for one in imported.findings}
    assert where["Ton nom"] == "survey 11"


def test_no_row_disappears_without_a_word(imported: Imported) -> None:
    """Every row that asks is a question here, or named in a finding by its row."""
    from tests.surveys.interchange.files import _SURVEY

    shape = {"begin_group", "end_group", "begin_score", "end_score", "end_repeat", "note"}
    places = {one.where for one in imported.findings}
    kept = {item["text"]["fr"] for item in items(imported).values()}
    for number, row in enumerate(_SURVEY[1:], 2):
        if row[0] not in shape:
            label = row[2] if len(row) > 2 else ""
            assert f"survey {number}" in places or label in kept, row


def test_a_language_that_is_missing_is_filled_and_told(imported: Imported) -> None:
    missing = {one.what: int(one.detail) for one in imported.findings if one.why is Why.TRANSLATION}
    assert missing.keys() == {"English", "العربية"}
    assert missing["English"] == 2  # the title, and a hint
    assert missing["العربية"] > 10
    assert items(imported)["calme"]["text"]["ar"] == "C’est calme en classe."


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("start", Why.TRACE),
        ("end", Why.TRACE),
        ("today", Why.TRACE),
        ("deviceid", Why.TRACE),
        ("username", Why.TRACE),
        ("audit", Why.TRACE),
        ("email", Why.PERSON),
        ("phonenumber", Why.PERSON),
        ("phone number", Why.PERSON),
        ("geopoint", Why.PLACE),
        ("geotrace", Why.PLACE),
        ("start-geopoint", Why.PLACE),
        ("audio", Why.RECORDING),
        ("background-audio", Why.RECORDING),
        ("image", Why.RECORDING),
        ("video", Why.RECORDING),
        ("file", Why.RECORDING),
        ("barcode", Why.RECORDING),
    ],
)
def test_what_tells_who_answers_is_refused_and_says_why(kind: str, why: Why) -> None:
    imported = read(asks("x", kind, "Quelque chose"))
    assert ("Quelque chose", why) in told(imported)
    assert why.effect is Effect.REFUSED
    assert list(items(imported)) == ["first"]


@pytest.mark.parametrize(
    ("name", "label", "kind"),
    [
        ("nom", "Écris ici", "text"),
        ("q1", "Ton prénom", "text"),
        ("q1", "What is your e-mail?", "text"),
        ("email", "?", "integer"),
        ("q1", "Quel est ton nom ?", "select_one yn"),
        ("student_name", "Choisis", "select_one yn"),
        ("q1", "Qui es-tu ?", "select_multiple yn"),
    ],
)
def test_a_question_for_a_name_is_refused_whatever_its_type(name: str, label: str, kind: str) -> None:
    imported = read(asks(name, kind, label, constraint=". >= 0 and . <= 9"))
    assert (label, Why.PERSON) in told(imported)
    assert list(items(imported)) == ["first"]


@pytest.mark.parametrize("label", ["On t’appelle par un autre nom.", "As-tu un téléphone ?", "On te traite de noms."])
def test_a_question_about_names_and_telephones_is_none_for_them(label: str) -> None:
    assert len(items(read(asks("q1", label=label)))) == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (asks("x", "date"), Why.DATE),
        (asks("x", "datetime"), Why.DATE),
        (asks("x", "note"), Why.NOTE),
        (asks("x", "calculate"), Why.CALCULATION),
        (asks("x", "rank yn"), Why.TYPE),
        (asks("x", "decimal"), Why.TYPE),
        (asks("x", "acknowledge"), Why.TYPE),
        (asks("x", "select_one_from_file pupils.csv"), Why.TYPE),
        (asks("x", "integer"), Why.NO_BOUNDS),
        (asks("x", "integer", constraint=". > 3"), Why.NO_BOUNDS),
        (asks("x", "integer", constraint=". >= -5 and . <= 5"), Why.NO_BOUNDS),
        (asks("x", "select_one nowhere"), Why.NO_CHOICES),
        (asks("x", label="${first}, et après ?"), Why.INSERTED),
        (asks("x", label="a" * 700), Why.TOO_LONG),
    ],
)
def test_a_question_that_cannot_be_asked_here_is_left_out_and_told(row: dict[str, str], why: Why) -> None:
    imported = read(row)
    assert why in {one.why for one in imported.findings}
    assert why.effect is Effect.LEFT_OUT
    assert list(items(imported)) == ["first"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"required": "yes"}, Why.REQUIRED),
        ({"constraint": "selected(., 'no')"}, Why.CONSTRAINT),
        ({"default": "yes"}, Why.DEFAULT),
        ({"choice_filter": "town = ${first}"}, Why.FILTER),
        ({"media::image::French (fr)": "yard.png"}, Why.MEDIA),
        ({"appearance": "minimal"}, Why.APPEARANCE),
        ({"relevant": "${first} != 'no'"}, Why.RELEVANT),
        ({"relevant": "${unknown} = 'no'"}, Why.RELEVANT),
        ({"relevant": "${later} = 'no'"}, Why.RELEVANT),
        ({"label::Deutsch (de)": "Eine Frage"}, Why.LANGUAGE),
        ({"body::something": "x"}, Why.COLUMN),
        ({"label": "<b>Fort</b>, 3 < 4"}, Why.TAGS),
    ],
)
def test_what_stands_beside_a_question_is_told_and_the_question_kept(more: dict[str, str], why: Why) -> None:
    imported = read({**asks("x"), **more}, asks("later"))
    assert why in {one.why for one in imported.findings}
    found = items(imported)
    assert list(found) == ["first", "x", "later"]
    assert "relevant" not in found["x"]
    assert "<" not in found["x"]["text"]["fr"]


def test_a_condition_on_a_question_that_was_left_out_asks_everybody() -> None:
    imported = read(asks("nom", "text", "Ton nom"), asks("x", relevant="${nom} = 'Lina'"))
    assert (Why.RELEVANT, "${nom} = 'Lina'") in {(one.why, one.detail) for one in imported.findings}
    assert "relevant" not in items(imported)["x"]


def test_nested_groups_are_pages_and_a_heading_that_is_lost_is_told() -> None:
    imported = read(
        {"type": "begin group", "name": "a", "label": "Dehors", "relevant": "${first} = 'yes'"},
        {"type": "begin group", "name": "b", "label": "La cour"},
        asks("x", relevant="${first} = 'no'"),
        {"type": "end group"},
        asks("y"),
        {"type": "end group"},
        {"type": "begin_group", "name": "c"},
        asks("z"),
        {"type": "end_group"},
    )
    assert imported.data is not None
    assert [page["title"]["fr"] for page in imported.data["sections"]] == ["Essai", "La cour", "Dehors", "Essai"]
    first = {"item": "first", "is": ["yes"]}
    assert items(imported)["x"]["relevant"] == {"all": [first, {"item": "first", "is": ["no"]}]}
    assert items(imported)["y"]["relevant"] == {"any": [first]}
    assert ("Dehors", Why.HEADING) in told(imported)


def test_a_note_whose_page_has_no_question_left_is_told() -> None:
    imported = read(
        {"type": "begin group", "name": "g", "label": "Toi"},
        asks("n", "note", "Un mot"),
        asks("t", "date"),
        {"type": "end group"},
    )
    assert ("Un mot", Why.NOTE) in told(imported)


def test_the_headings_of_a_table_are_its_introduction() -> None:
    imported = read(
        {"type": "begin group", "name": "g", "label": "Toi"},
        asks("h", label="Souvent ?", appearance="label"),
        asks("x", label="Dehors", appearance="list-nolabel"),
        {"type": "end group"},
    )
    assert imported.data is not None
    assert imported.data["sections"][1]["look"] == "grid"
    assert imported.data["sections"][1]["intro"]["fr"] == "Souvent ?"
    assert list(items(imported)) == ["first", "x"]


def test_old_spellings_are_read() -> None:
    raw = workbook(
        survey=[
            ["type", "name", "label:fr"],
            ["select one from yn", "a", "Une"],
            ["select all that apply from yn", "b", "Deux"],
        ],
        choices=[["list name", "name", "label:fr"], ["yn", "1", "Un"], ["yn", "2", "Deux"]],
    )
    assert [one["kind"] for one in items(read_file(raw, ["lycee"])).values()] == ["one", "several"]


def test_names_that_are_no_ids_become_ids_and_conditions_follow() -> None:
    imported = read(
        asks("Élève-Aidé"), asks("action"), asks("x", relevant="${Élève-Aidé} = 'yes' and ${action} = 'no'")
    )
    found = items(imported)
    assert list(found) == ["first", "eleve_aide", "action_2", "x"]
    assert [one["item"] for one in found["x"]["relevant"]["all"]] == ["eleve_aide", "action_2"]


def test_a_form_of_which_nothing_is_left_is_none() -> None:
    raw = form(asks("x", "text"), asks("y", "geopoint"))
    assert read_file(raw, ["college"]).data is None


def test_texts_to_write_come_in_three_at_most_and_none_rests_on_anything() -> None:
    rows = [asks(f"t{number}", "text", f"Texte {number}", relevant="${first} = 'yes'") for number in range(4)]
    imported = read(*rows, asks("last", relevant="${t1} != ''"))
    found = items(imported)
    assert list(found) == ["first", "t0", "t1", "t2", "last"]
    assert {key for name in ("t0", "t1", "t2") for key in found[name]} == {
        *("id", "levels", "text", "kind", "source", "licence"),
    }
    assert "relevant" not in found["last"]
    expected = {(f"Texte {number}", why) for number in range(3) for why in (Why.WRITTEN, Why.RELEVANT)}
    assert told(imported) >= expected | {("Texte 3", Why.MANY_TEXTS), ("Une question", Why.RELEVANT)}


def test_at_ecole_no_pupil_is_given_a_text_to_write() -> None:
    imported = read_file(form(asks("first"), asks("x", "text", "Raconte")), ["ecole"])
    assert list(items(imported)) == ["first"]
    assert ("Raconte", Why.TEXT_AT_ECOLE) in told(imported)


def test_our_own_columns_cannot_smuggle_what_the_check_would_refuse() -> None:
    """Another hand may have changed them: what results is checked like any file of the shelf."""
    for more in ({"ent_levels": "maternelle"}, {"ent_cutoff": "z"}, {"ent_look": "faces"}, {"ent_id": "csrf_token"}):
        imported = read({**asks("x"), **more})
        assert imported.data is not None
        faults = content.faults(json.dumps(imported.data, ensure_ascii=False), imported.data["id"])
        assert faults or "csrf_token_2" in json.dumps(imported.data)
