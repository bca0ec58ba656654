"""The local admin's pages: a file is read, what it lost is told, and nothing is kept before the second step."""

import io
import re
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from ent_module.surveys import own
from ent_module.surveys.content import questionnaires
from ent_module.surveys.interchange.reading import read_file
from ent_module.surveys.tables import Campaign, OwnQuestionnaire
from tests.support.database import everything
from tests.support.forms import form as form_of
from tests.support.town import COLLEGE, Browser, Town
from tests.surveys.campaign import Voter, ballots, rows
from tests.surveys.interchange.files import asks, form, kobo, lss, tsv
from tests.surveys.pages import send as ballot

AT = "/staff/surveys/questionnaires"


def send(browser: Browser, raw: bytes, name: str = "form.xlsx") -> TestResponse:
    """The file by the form of the page; encoded here, since the client would leave large ones open on disk."""
    values = {**form_of(browser.get(AT).text, AT).values, "file": FileStorage(io.BytesIO(raw), name)}
    body, _length, boundary = stream_encode_multipart(values, threshold=2 * len(raw) + 10_000)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(f"/ent{AT}", input_stream=body, content_type=kind, buffered=True)


def keeps(browser: Browser, page: str) -> TestResponse:
    """The second step, by the form that the page offers."""
    return browser.post(f"{AT}/keep", form_of(page, "/keep").values)


def kept(town: Town) -> int:
    with town.house.database.reading() as db:
        return rows(db, OwnQuestionnaire)


@pytest.mark.parametrize(("raw", "name"), [(kobo(), "a.xlsx"), (lss(), "a.lss"), (tsv(), "a.txt")])
def test_a_file_is_read_told_and_then_kept_and_offered_to_teachers(town: Town, raw: bytes, name: str) -> None:
    admin = town.browser("admin")
    before = everything(town.house.database)
    page = send(admin, raw, name)
    assert page.status_code == 200
    assert {table for table, row in everything(town.house.database).items() if before[table] != row} <= {"ent_session"}
    text = unescape(page.text)
    assert "Refusé, parce que cela dirait qui répond" in text
    assert "Cela demande qui répond. Une enquête anonyme ne peut pas le demander." in text
    assert "Vie au collège" in text
    assert keeps(admin, page.text).status_code == 303
    assert kept(town) == 1
    assert "Vie au collège" in admin.get(AT).text
    assert "Vie au collège" in town.browser("alba").get("/staff/surveys/open").text
    assert "Vie au collège" not in town.browser("other_admin").get(AT).text


def test_a_kept_questionnaire_runs(town: Town) -> None:
    """From KoboToolbox's file to a pupil's answers."""
    admin = town.browser("admin")
    keeps(admin, send(admin, kobo()).text)
    values = {"class_code": "6e B", "questionnaire": "own-ab3xyz", "told": "yes", "place": "shared"}
    assert town.browser("alba").post("/staff/surveys/open", values).status_code == 303
    lina = town.browser("lina")
    [campaign] = set(re.findall(r"/surveys/([0-9a-f-]{36})/questions", lina.get("/surveys").text))
    page = unescape(lina.get(f"/surveys/{campaign}/questions").text)
    assert "Où te sens-tu bien ?" in page
    with town.house.database.reading() as db:
        asked = db.scalars(select(Campaign).where(Campaign.id == UUID(campaign)).execution_options(across=True)).one()
    answers = {"calme": ["oui"], "ou": ["cour", "cdi"], "heures": ["3"]}
    assert ballot(town, asked, Voter.of(town, asked).body(answers)).status_code == 204
    assert ballots(town)[0]["ou"] == ["cour", "cdi"]


def test_every_finding_is_on_the_page_with_its_place(town: Town) -> None:
    page = unescape(send(town.browser("admin"), kobo()).text)
    for finding in read_file(kobo(), ["college"]).findings:
        assert finding.what in page, finding
        assert finding.where in page


def test_a_file_that_is_not_read_says_why_and_keeps_nothing(town: Town) -> None:
    admin = town.browser("admin")
    for raw, sentence in (
        (b"", "Choisissez un fichier"),
        (b"%PDF", "Ce n’est ni un XLSForm"),
        (b"PK\x03\x04", "Ce classeur ne s’ouvre pas."),
        (b"PK" + b"a" * 1_100_000, "Le fichier dépasse 1\xa0Mo".replace("\xa0", " ")),
        (form(asks("x", "text"))[:-40], "Ce classeur ne s’ouvre pas."),
    ):
        answer = send(admin, raw)
        assert answer.status_code == 422
        assert sentence in unescape(answer.text)
    answer = send(admin, b"a" * 5_000_000)
    assert answer.status_code == 413
    assert "Le fichier dépasse 1 Mo" in unescape(answer.text)
    assert kept(town) == 0


def test_without_a_file_the_form_says_so(town: Town) -> None:
    answer = town.browser("admin").fill(AT, {}, AT)
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text


def test_a_file_of_which_nothing_is_left_offers_nothing_to_keep(town: Town) -> None:
    page = send(town.browser("admin"), form(asks("x", "date", "Raconte"), asks("y", "geopoint", "Où ?")))
    assert page.status_code == 200
    assert "Aucune question de ce fichier n’a pu être reprise." in page.text
    assert "/keep" not in page.text
    assert "Raconte" in page.text


def test_questions_that_identify_together_are_refused_with_the_reason(town: Town) -> None:
    months = [["mois", f"m{number}", f"Mois {number}"] for number in range(12)]
    raw = form(asks("sexe"), asks("mois_naissance", "select_one mois", "En quel mois es-tu né ?"), choices=months)
    page = send(town.browser("admin"), raw)
    assert "Ces questions, ensemble, feraient reconnaître un élève" in page.text
    assert "en 24 groupes" in page.text
    assert "/keep" not in page.text


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"id": 3}', '{"id": "a"', "[" * 100_000])
def test_what_no_page_of_ours_carries_is_refused(town: Town, text: str) -> None:
    acting = {"acting_in": str(town.schools[COLLEGE])}
    answer = town.browser("admin").post(f"{AT}/keep", {"questionnaire": text, **acting})
    assert answer.status_code == 400
    assert kept(town) == 0


def test_what_was_changed_on_the_way_is_checked_again(town: Town) -> None:
    admin = town.browser("admin")
    values = form_of(send(admin, kobo()).text, "/keep").values
    changed = values["questionnaire"][0].replace('"kind":"one"', '"kind":"text"')
    answer = admin.post(f"{AT}/keep", {**values, "questionnaire": changed})
    assert answer.status_code == 422
    assert "Le questionnaire ne passe pas le contrôle" in unescape(answer.text)
    assert kept(town) == 0


def test_a_form_of_another_school_keeps_and_removes_nothing(town: Town) -> None:
    admin = town.browser("admin")
    values = form_of(send(admin, kobo()).text, "/keep").values
    assert town.browser("other_admin").post(f"{AT}/keep", {**values, "csrf_token": ""}).status_code == 400
    other = town.browser("other_admin")
    assert (
        other.post(f"{AT}/keep", {key: value for key, value in values.items() if key != "csrf_token"}).status_code
        == 409
    )
    assert kept(town) == 0


def test_markup_in_a_file_is_text_everywhere(town: Town) -> None:
    mark = "<script>alert(1)</script>"
    admin = town.browser("admin")
    raw = form(asks(mark, label=f"Un {mark}"), asks("x", "text", mark), settings={"form_title": f"Le {mark}"})
    page = send(admin, raw).text
    assert "&lt;script&gt;" in page  # in the list, as it stands in the file
    keeps(admin, page)
    for text in (page, admin.get(AT).text, town.browser("alba").get("/staff/surveys/open").text):
        assert mark not in text
        assert "alert(1)" in text


def test_a_second_file_of_the_same_name_says_that_it_replaces(town: Town) -> None:
    admin = town.browser("admin")
    keeps(admin, send(admin, kobo()).text)
    changed = form(asks("a"), settings={"form_id": "aB3xYz"})
    page = send(admin, changed)
    assert "Ce fichier remplace un questionnaire du même nom" in page.text
    assert "La version 1 ne s’ouvrira plus." in page.text
    keeps(admin, page.text)
    assert kept(town) == 1
    assert "version 2" in admin.get(AT).text


def test_removing(town: Town) -> None:
    admin = town.browser("admin")
    keeps(admin, send(admin, kobo()).text)
    page = admin.get(AT).text
    assert (
        admin.post(form_of(page, "/remove").action.removeprefix("/ent"), form_of(page, "/remove").values).status_code
        == 303
    )
    assert kept(town) == 0
    assert admin.fill(AT, {}, AT).status_code == 422


def test_one_that_a_campaign_asks_offers_no_removal_and_refuses_it(town: Town) -> None:
    admin = town.browser("admin")
    keeps(admin, send(admin, kobo()).text)
    remove = form_of(admin.get(AT).text, "/remove")
    values = {"class_code": "6e B", "questionnaire": "own-ab3xyz", "told": "yes", "place": "shared"}
    town.browser("alba").post("/staff/surveys/open", values)
    assert "/remove" not in admin.get(AT).text
    answer = admin.post(remove.action.removeprefix("/ent"), remove.values)
    assert answer.status_code == 400
    assert "il reste." in answer.text
    assert kept(town) == 1


def test_each_questionnaire_is_read_as_a_pupil_does_and_taken_along(town: Town) -> None:
    admin = town.browser("admin")
    for asked in questionnaires().values():
        if not asked.for_level("college"):
            continue
        page = admin.get(f"{AT}/{asked.digest}")
        assert page.status_code == 200
        for one in asked.items("college"):
            assert one.wording("college")["fr"] in unescape(page.text)
        answer = admin.get(f"{AT}/{asked.digest}/file")
        assert (answer.mimetype or "").endswith("spreadsheetml.sheet")
        assert answer.headers["Content-Disposition"] == f"attachment; filename={asked.id}.xlsx"
        assert read_file(answer.data, ["lycee"]).data == dict(asked.data)


def test_another_schools_questionnaire_is_nobodys_here(town: Town) -> None:
    admin, other = town.browser("admin"), town.browser("other_admin")
    keeps(admin, send(admin, kobo()).text)
    with town.house.database.reading() as db:
        [row] = own.rows(db, town.schools[COLLEGE])
    for address in (f"{AT}/{row.digest}", f"{AT}/{row.digest}/file"):
        assert admin.get(address).status_code == 200
        assert other.get(address).status_code == 404


def test_only_local_admins_of_schools_have_these_pages(town: Town) -> None:
    for who in ("lina", "karim", "alba", "head", "petit", "clerk", "referent"):
        assert town.browser(who).get(AT).status_code == 403
    assert "Questionnaires" in town.browser("admin").get("/").text


@pytest.mark.parametrize(("language", "words"), [("en", "Refused, because it would tell who answers"), ("ar", "مرفوض")])
def test_the_pages_exist_in_each_language(town: Town, language: str, words: str) -> None:
    admin = town.browser("admin", language)
    page = send(admin, kobo())
    assert words in unescape(page.text)
    for text in (page.text, admin.get(AT).text):
        assert "Télécharger" not in text
        assert "Garder ce questionnaire" not in text
