import re
from html import unescape
from uuid import uuid4

import pytest

from ent_module.surveys import campaigns
from ent_module.surveys.tables import Ballot, Campaign, Participation
from tests.support.town import ECOLE, OTHER, Town
from tests.surveys.campaign import rows, shut, started

TILE = "Questionnaires pour toi"


def address(campaign: Campaign, more: str = "") -> str:
    return f"/surveys/{campaign.id}{more}"


def ballots(town: Town) -> list[dict[str, list[str]]]:
    with town.house.database.reading() as db:
        from sqlalchemy import select

        return list(db.scalars(select(Ballot.answers).execution_options(across=True)))


def checked(page: str) -> set[tuple[str, str]]:
    """The choices that a page shows as made."""
    inputs = re.findall(r"<input ([^>]*)>", page)
    return {
        (re.findall(r'name="([^"]*)"', one)[0], re.findall(r'value="([^"]*)"', one)[0])
        for one in inputs
        if re.search(r"\bchecked\b", one)
    }


def test_the_tile_is_there_only_while_something_is_open_for_the_class(town: Town) -> None:
    assert TILE not in town.browser("lina").get("/").text
    campaign = started(town, "6e B")
    assert TILE in town.browser("lina").get("/").text
    assert TILE not in town.browser("eva").get("/").text  # 5e A
    assert TILE not in town.browser("zoe").get("/").text
    assert TILE not in town.browser("karim").get("/").text
    shut(town, campaign)
    assert TILE not in town.browser("lina").get("/").text


def test_a_pupil_reads_what_happens_then_answers_then_is_thanked(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    page = lina.get("/surveys").text
    assert "sans ton nom, sans ta classe, sans l’heure" in page
    assert f'href="/ent{address(campaign, "/questions")}"' in page
    form = lina.get(address(campaign, "/questions")).text
    assert form.count("<fieldset") == 30 + len(campaigns_sections())
    assert "Je me sens en sécurité ici." in form
    sent = lina.post(address(campaign, "/questions"), {"bullied": "never", "told": ["friend", "family"], "seen": ""})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/ent{address(campaign, '/thanks')}")
    thanks = lina.get(address(campaign, "/thanks")).text
    assert "Merci. Tes réponses sont arrivées." in thanks
    assert "Répondre n’alerte personne." in thanks
    assert thanks.index("tel:119") < thanks.index("tel:3114") < thanks.index("tel:3018")
    assert ballots(town) == [{"bullied": ["never"], "told": ["friend", "family"]}]


def campaigns_sections() -> list[str]:
    return ["climate", "belonging", "safety", "happened", "around", "help"]


def test_a_child_of_eight_gets_other_words_and_fewer_questions(town: Town) -> None:
    campaign, noe = started(town, "CE2", uai=ECOLE), town.browser("noe")
    page = unescape(noe.get("/surveys").text)
    main = page[page.index("<main") : page.index("</main")]
    sentences = [one for line in re.findall(r"<li>(.*?)</li>", main) for one in re.split(r"(?<=[.?])\s", line)]
    assert len(sentences) >= 8
    assert max(len(one.split()) for one in sentences) < 12
    form = noe.get(address(campaign, "/questions")).text
    assert "Je me sens en sécurité à l’école." in form
    assert "sexuel" not in form
    assert noe.post(address(campaign, "/questions"), {"place_ecole": ["yard"]}).status_code == 303


def test_words_for_older_pupils_are_short(town: Town) -> None:
    started(town, "6e B")
    page = unescape(town.browser("lina").get("/surveys").text)
    main = page[page.index("<main") : page.index("</main")]
    sentences = [one for line in re.findall(r"<li>(.*?)</li>", main) for one in re.split(r"(?<=[.?])\s", line)]
    assert len(sentences) >= 12
    assert max(len(one.split()) for one in sentences) <= 18
    assert "!" not in main.replace("<!", "")


def test_a_blank_form_is_taken_as_any_other(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    assert lina.post(address(campaign, "/questions")).status_code == 303
    assert "Merci" in lina.get(address(campaign, "/thanks")).text
    assert ballots(town) == [{}]


def test_a_second_time_is_calm_and_changes_nothing(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    lina.post(address(campaign, "/questions"), {"bullied": "never"})
    again = lina.post(address(campaign, "/questions"), {"bullied": "weekly"})
    assert again.status_code == 200
    assert "Tu as déjà répondu" in again.text
    for page in ("", "/questions"):
        assert "Tu as déjà répondu" in lina.get(address(campaign, page)).text
    assert "Tu as déjà répondu" in town.browser("lina").get("/surveys").text
    assert ballots(town) == [{"bullied": ["never"]}]


def test_thanks_are_for_whoever_answered(town: Town) -> None:
    campaign = started(town, "6e B")
    answer = town.browser("lina").get(address(campaign, "/thanks"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/ent{address(campaign)}")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"bullied": "often"}, "Cette réponse n’est pas dans la liste."),
        ({"bullied": ["never", "weekly"]}, "Choisis une seule réponse."),
        ({"invented": "never"}, "Une réponse ne va avec aucune question."),
        ({"campaign_id": str(uuid4())}, "Une réponse ne va avec aucune question."),
    ],
)
def test_a_tampered_form_is_refused_and_keeps_what_was_answered(
    town: Town, form: dict[str, str | list[str]], sentence: str
) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    answer = lina.post(address(campaign, "/questions"), {"safety_school": "agree", "told": ["friend", "other"], **form})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="errors"' in answer.text
    kept = checked(answer.text)
    assert {("safety_school", "agree"), ("told", "friend"), ("told", "other")} <= kept
    assert ballots(town) == []
    assert lina.post(address(campaign, "/questions"), {"safety_school": "agree"}).status_code == 303


def test_markup_in_a_field_is_never_shown(town: Town) -> None:
    campaign = started(town, "6e B")
    page = town.browser("lina").post(address(campaign, "/questions"), {"bullied": "<b id=x>", "<b id=y>": "<b id=z>"})
    assert page.status_code == 422
    assert not re.search(r"<b id=.>", page.text)


def test_pupils_of_another_class_or_school_find_nothing(town: Town) -> None:
    campaign = started(town, "6e B")
    for browser in map(town.browser, ("eva", "zoe", "noe", "tom")):
        for page in ("", "/questions", "/thanks"):
            assert browser.get(address(campaign, page)).status_code == 404
        assert browser.post(address(campaign, "/questions"), {"bullied": "never"}).status_code == 404
        assert "pas de questionnaire" in browser.get("/surveys").text
    with town.house.database.reading() as db:
        assert (rows(db, Ballot), rows(db, Participation)) == (0, 0)


def test_nobody_but_pupils_answers(town: Town) -> None:
    campaign = started(town, "6e B")
    for browser in map(town.browser, ("karim", "alba", "petit", "head", "admin")):
        for page in ("", "/questions", "/thanks"):
            assert browser.get(address(campaign, page)).status_code == 403
        assert browser.get("/surveys").status_code == 403
        assert browser.post(address(campaign, "/questions"), {"bullied": "never"}).status_code == 403


def test_after_the_closing_a_pupil_is_told_so(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    shut(town, campaign)
    for answer in (
        lina.get(address(campaign)),
        lina.get(address(campaign, "/questions")),
        lina.post(address(campaign, "/questions"), {"bullied": "never"}),
    ):
        assert answer.status_code == 410
        assert "Ce questionnaire est clos" in answer.text
        assert "tel:119" in answer.text


def test_two_open_questionnaires_are_listed(town: Town) -> None:
    from ent_module.surveys.model import Questionnaire
    from tests.surveys.campaign import climate, start

    other = Questionnaire.from_data({**climate().data, "id": "other"})
    with town.house.database.writing() as db:
        start(town, db, "6e B")
        start(town, db, "6e B", asked=other)
    assert town.browser("lina").get("/surveys").text.count('class="tile"') == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Ce que deviennent tes réponses", "Envoyer mes réponses", "Merci. Tes réponses sont arrivées.")),
        ("en", ("What becomes of your answers", "Send my answers", "Thank you. Your answers have arrived.")),
        ("ar", ("ماذا يحدث لإجاباتك", "إرسال إجاباتي", "شكرًا. وصلت إجاباتك.")),
    ],
)
def test_each_page_exists_in_each_language(town: Town, language: str, words: tuple[str, str, str]) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina", language)
    assert words[0] in lina.get("/surveys").text
    form = lina.get(address(campaign, "/questions")).text
    assert words[1] in form
    assert {"fr": "Je passe", "en": "I skip this", "ar": "أتخطى"}[language] in form
    assert lina.post(address(campaign, "/questions"), {"bullied": "never"}).status_code == 303
    page = lina.get(address(campaign, "/thanks")).text
    assert words[2] in page
    assert f'lang="{language}"' in page


def test_someone_elses_school_cannot_be_asked_for(town: Town) -> None:
    campaign = started(town, "6e A", uai=OTHER)
    assert town.browser("lina").get(address(campaign)).status_code == 404
    assert town.browser("zoe").get(address(campaign)).status_code == 200
    with town.house.database.reading() as db:
        assert campaigns.open_for(db, town.membership("lina").establishment_id, ["6e A"]) == []
