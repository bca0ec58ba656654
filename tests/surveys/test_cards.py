"""Cards: a code opens a questionnaire once; what was sent with it is a ballot among the others."""

import json
from html import unescape

import pytest
from flask import Response
from sqlalchemy import text

from ent_module.surveys import campaigns, card_counts
from ent_module.surveys.release import Release
from ent_module.surveys.service import cards, issuing
from ent_module.surveys.tables import Campaign, Card
from ent_module.web import errors
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, ballots, fill, rows, shut, started
from tools.attack import canaries


@pytest.fixture
def campaign(town: Town) -> Campaign:
    return started(town, "6e B", "5e A")


def make(town: Town, campaign: Campaign, count: int, class_code: str = "6e B") -> list[str]:
    with town.house.database.writing() as db:
        return cards.make(db, town.house.keys, campaign.establishment_id, campaign.id, class_code, count)


def test_a_class_gets_a_few_cards_and_no_more(town: Town, campaign: Campaign) -> None:
    codes = make(town, campaign, 4)
    assert len(set(codes)) == 4
    for count in (0, 3, -1):
        with pytest.raises(cards.TooManyCardsError):
            make(town, campaign, count)
    assert len(make(town, campaign, 2)) == 2
    assert len(make(town, campaign, 6, "5e A")) == 6
    with town.house.database.reading() as db:
        assert card_counts.cards_made(db, campaign.establishment_id, campaign.id) == {
            "6e B": {"some": 6},
            "5e A": {"some": 6},
        }


def test_lost_questionnaires_are_replaced_apart_and_shown(town: Town, campaign: Campaign) -> None:
    alba, head = town.browser("alba"), town.browser("head")
    values = {"class_code": "6e B", "cards": "1", "purpose": "lost"}
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", values).status_code == 422  # nobody has opened anything
    fill(town, campaign, {"6e B": [CALM] * 34, "5e A": [HURT] * 34})
    make(town, campaign, 6)
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", values).status_code == 200
    assert "carte de remplacement" in head.get(f"/staff/surveys/campaigns/{campaign.id}").text
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", {**values, "class_code": "5e A"}).status_code == 200
    third = alba.post(f"/staff/surveys/{campaign.id}/cards", values)
    assert third.status_code == 422
    assert "trois pour cent dans l’établissement. Il en reste 0." in third.text
    assert "2 cartes de remplacement." in head.get(f"/staff/surveys/campaigns/{campaign.id}").text
    shut(town, campaign)
    assert "2 cartes de remplacement." in head.get(f"/staff/surveys/campaigns/{campaign.id}").text
    with town.house.database.reading() as db:
        found = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert found
    assert json.loads(found.record)["replaced"] == 2


def test_no_cards_for_a_class_that_is_not_asked_nor_after_the_end(town: Town, campaign: Campaign) -> None:
    with pytest.raises(LookupError):
        make(town, campaign, 1, "4e C")
    shut(town, campaign)
    with pytest.raises(issuing.EndedError):
        make(town, campaign, 1)


def test_a_code_is_kept_nowhere(town: Town, campaign: Campaign) -> None:
    (code,) = make(town, campaign, 1)
    with town.house.database.reading() as db:
        kept = repr(db.execute(text("SELECT * FROM ent_ballot_card")).all())
        assert code not in kept
        assert code.replace(" ", "") not in kept
        assert rows(db, Card) == 1


@pytest.mark.parametrize("typed", ["{}", " {} ", "{} \n"])
def test_a_code_is_read_however_it_is_typed(town: Town, campaign: Campaign, typed: str) -> None:
    (code,) = make(town, campaign, 1)
    spellings = (code, code.lower(), code.replace(" ", "-"), code.replace("0", "O").replace("1", "l"))
    with town.house.database.reading() as db:
        for spelling in spellings:
            drawn = cards.drawn(db, town.house.keys, town.house.store, typed.format(spelling))
            assert drawn
            assert (drawn.campaign.id, drawn.used) == (campaign.id, False)


@pytest.mark.parametrize("typed", ["", "0000 0000 0000 0000", "é" * 16, "A" * 5_000])
def test_what_is_no_code_opens_nothing(town: Town, campaign: Campaign, typed: str) -> None:
    make(town, campaign, 1)
    with town.house.database.reading() as db:
        assert cards.drawn(db, town.house.keys, town.house.store, typed) is None


def test_a_card_answers_once_without_an_account_or_a_script(town: Town, campaign: Campaign) -> None:
    (code,) = make(town, campaign, 1)
    nobody = town.app.test_client()
    at = {"base_url": "https://ent.example"}
    asked = nobody.post("/ent-ballots/card", data={"code": code}, **at)
    assert asked.status_code == 200
    assert 'name="bullied"' in asked.text
    sent = nobody.post("/ent-ballots/card/answers", data={"code": code, "bullied": "weekly"}, **at)
    assert "Merci. Ton questionnaire est arrivé." in sent.text
    again = nobody.post("/ent-ballots/card/answers", data={"code": code, "bullied": "never"}, **at)
    assert "Cette carte a déjà servi" in again.text
    assert "Cette carte a déjà servi" in nobody.post("/ent-ballots/card", data={"code": code}, **at).text
    assert "Set-Cookie" not in sent.headers
    shut(town, campaign)
    with town.house.database.reading() as db:
        found = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert found
    told = json.loads(found.record)
    assert (told["cards_made"], told["cards"], told["valid"], told["spoilt"]) == (1, 1, 1, 0)


def test_an_error_reporter_sees_neither_code_nor_answers(
    town: Town, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks while the server sees the answers; the error as it was raised first would have told all."""
    (code,) = make(town, campaign, 1)
    raised, seen = ValueError("no room"), []

    def put(*_given: object) -> None:
        raise raised

    def report(error: Exception) -> Response:
        seen.append(canaries.reported(error, secrets))
        return Response(status=500)

    secrets = {"code": code.encode(), "json": b'{"bullied":["weekly"]', "form": b"'bullied': ['weekly']"}
    monkeypatch.setattr(cards, "put", put)
    monkeypatch.setattr(errors, "unexpected", report)
    values = {"code": code, "bullied": "weekly"}
    answer = town.app.test_client().post("/ent-ballots/card/answers", data=values, base_url="https://ent.example")
    assert answer.status_code == 500
    assert seen == [[]]
    assert set(canaries.reported(raised, secrets)) >= set(secrets)


def test_wrong_answers_with_a_card_are_asked_again_and_nothing_is_lost(town: Town, campaign: Campaign) -> None:
    (code,) = make(town, campaign, 1)
    nobody = town.app.test_client()
    values = {"code": code, "bullied": ["never", "weekly"], "safety_school": "agree"}
    again = nobody.post("/ent-ballots/card/answers", data=values, base_url="https://ent.example")
    assert again.status_code == 422
    assert "Choisis une seule réponse." in again.text
    assert 'value="agree" checked' in again.text


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Le code de la carte"), ("en", "card’s code"), ("ar", "رمز البطاقة")]
)
def test_the_address_of_a_card_may_say_the_language(town: Town, language: str, words: str) -> None:
    nobody = town.app.test_client()
    page = unescape(nobody.get(f"/ent-ballots/card?lang={language}").text)
    assert words in page
    assert f'action="/ent-ballots/card?lang={language}"' in page
    assert nobody.get("/ent-ballots/card?lang=xx").status_code == 200


def test_a_blank_card_is_a_ballot(town: Town, campaign: Campaign) -> None:
    (code,) = make(town, campaign, 1)
    values = {"code": code, "bullied": "weekly", "blank": "yes"}
    sent = town.app.test_client().post("/ent-ballots/card/answers", data=values, base_url="https://ent.example")
    assert "Merci" in sent.text
    assert ballots(town) == [{}]


def test_cards_do_not_make_a_result(town: Town, campaign: Campaign) -> None:
    """Nine tokens and twelve cards that one adult may have sent are nine unknown ballots: nothing is shown."""
    fill(town, campaign, {"6e B": [CALM] * 5, "5e A": [HURT] * 4})
    nobody = town.app.test_client()
    for code in (*make(town, campaign, 6), *make(town, campaign, 6, "5e A")):
        nobody.post(
            "/ent-ballots/card/answers", data={"code": code, "bullied": "never"}, base_url="https://ent.example"
        )
    shut(town, campaign)
    with town.house.database.reading() as db:
        found = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert found
    assert json.loads(found.record)["valid"] == 21
    assert found.release == Release.FEW
