"""A class that answers by cards alone: two adults, each with one half, and no code before both want it."""

import json
import re

import pytest
from sqlalchemy import text

from ent_module.surveys import campaigns
from ent_module.surveys.release import Release
from ent_module.surveys.tables import Campaign, Card, CardClass, Closing
from tests.support.town import Browser, Town
from tests.surveys.campaign import CALM, HURT, fill, rows, shut, started
from tests.surveys.pages import token

WAITING = "/staff/surveys/cards"
CODE = re.compile(r'class="card-code" dir="ltr">([0-9A-Z ]{19})<')
ANSWERS = {"bullied": "never", "safety_school": "agree"}


@pytest.fixture
def campaign(town: Town) -> Campaign:
    return started(town, "6e B", "5e A")


def ask(browser: Browser, campaign: Campaign, class_code: str = "6e B", pupils: str = "25") -> int:
    values = {"class_code": class_code, "pupils": pupils}
    return browser.post(f"/staff/surveys/{campaign.id}/cards/class", values).status_code


def actions(browser: Browser) -> list[str]:
    """Where the forms of the page lead, without the prefix."""
    return re.findall(r'action="/ent(/staff/surveys/cards/[^"]+)"', browser.get(WAITING).text)


def count(town: Town, table: type[Card | CardClass]) -> int:
    with town.house.database.reading() as db:
        return rows(db, table)


def cards_of(town: Town, campaign: Campaign, pupils: dict[str, int]) -> list[list[str]]:
    """The codes of whole classes, Alba's half and the clerk's, one after the other."""
    alba, clerk = town.browser("alba"), town.browser("clerk")
    for code, many in pupils.items():
        assert ask(alba, campaign, code, str(many)) == 303
    for action in actions(clerk):
        assert clerk.post(action).status_code == 303
    return [CODE.findall(who.post(action).text) for who in (alba, clerk) for action in actions(who)]


def answer(town: Town, code: str) -> None:
    nobody = town.app.test_client()
    sent = nobody.post("/ent-ballots/card/answers", data={"code": code, **ANSWERS}, base_url="https://ent.example")
    assert "Merci." in sent.text


def closing_of(town: Town, campaign: Campaign) -> Closing:
    shut(town, campaign)
    with town.house.database.reading() as db:
        found = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    assert found
    return found


def test_no_code_exists_before_a_second_adult_agrees_and_each_prints_one_half(town: Town, campaign: Campaign) -> None:
    alba, clerk = town.browser("alba"), town.browser("clerk")
    assert ask(alba, campaign) == 303
    (withdraw,) = actions(alba)
    request = withdraw.rpartition("/")[0]
    assert "Un deuxième adulte doit confirmer." in alba.get("/staff/surveys").text
    for path in ("/confirm", "/half"):
        assert alba.post(f"{request}{path}").status_code in {400, 404}
    assert clerk.post(f"{request}/half").status_code == 404
    assert count(town, Card) == 0
    assert "Cartes pour une classe" in clerk.get("/").text
    assert actions(clerk) == [f"{request}/confirm"]
    assert clerk.post(f"{request}/confirm").status_code == 303
    assert count(town, Card) == 0
    halves = [CODE.findall(who.post(f"{request}/half").text) for who in (alba, clerk)]
    assert [len(set(half)) for half in halves] == [13, 13]
    assert not set(halves[0]) & set(halves[1])
    for who in (alba, clerk):
        assert who.post(f"{request}/half").status_code == 400
        assert actions(who) == []
    assert count(town, Card) == 26
    for other in map(town.browser, ("roux", "head")):
        assert other.post(f"{request}/half").status_code == 404
        assert "6e B" not in other.get(WAITING).text


def test_who_has_asked_may_withdraw_until_it_is_confirmed(town: Town, campaign: Campaign) -> None:
    alba, clerk = town.browser("alba"), town.browser("clerk")
    ask(alba, campaign)
    (withdraw,) = actions(alba)
    assert clerk.post(withdraw).status_code == 404
    assert count(town, CardClass) == 1
    alba.post(withdraw)
    assert count(town, CardClass) == 0
    ask(alba, campaign)
    (confirm,) = actions(clerk)
    clerk.post(confirm)
    alba.post(confirm.replace("/confirm", "/withdraw"))
    assert count(town, CardClass) == 1


def test_such_a_class_has_no_tokens_and_no_other_cards(town: Town, campaign: Campaign) -> None:
    alba, lina = town.browser("alba"), town.browser("lina")
    ask(alba, campaign)
    values = {"class_code": "6e B", "cards": "1"}
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", values).status_code == 400
    (confirm,) = actions(town.browser("clerk"))
    town.browser("clerk").post(confirm)
    assert token(lina, campaign).status_code == 404
    for page in ("", "/questions"):
        assert lina.get(f"/surveys/{campaign.id}{page}").location == "/ent-ballots/card?lang=fr"
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", values).status_code == 400
    assert alba.post(f"/staff/surveys/{campaign.id}/cards", {**values, "class_code": "5e A"}).status_code == 200


@pytest.mark.parametrize("already", ["token", "card"])
def test_no_class_in_which_somebody_may_have_answered(town: Town, campaign: Campaign, already: str) -> None:
    alba = town.browser("alba")
    if already == "token":
        assert token(town.browser("lina"), campaign).status_code == 200
    else:
        alba.post(f"/staff/surveys/{campaign.id}/cards", {"class_code": "6e B", "cards": "1"})
    assert ask(alba, campaign) == 400
    assert count(town, CardClass) == 0


def test_a_pupil_who_opens_while_it_waits_stops_it(town: Town, campaign: Campaign) -> None:
    ask(town.browser("alba"), campaign)
    assert token(town.browser("lina"), campaign).status_code == 200
    clerk = town.browser("clerk")
    assert clerk.post(actions(clerk)[0]).status_code == 400


@pytest.mark.parametrize("pupils", ["", "0", "37", "-1", "x", "٣"])
def test_a_number_that_no_class_has_is_asked_again(town: Town, campaign: Campaign, pupils: str) -> None:
    assert ask(town.browser("alba"), campaign, pupils=pupils) == 422
    assert count(town, CardClass) == 0


def test_nobody_asks_for_a_class_of_someone_else(town: Town, campaign: Campaign) -> None:
    assert ask(town.browser("roux"), campaign) == 400
    assert ask(town.browser("alba"), campaign, "4e C") == 400
    assert ask(town.browser("clerk"), campaign) == 403
    for name in ("lina", "karim"):
        assert town.browser(name).get(WAITING).status_code == 403


def test_two_adults_make_a_result_and_one_does_not(town: Town, campaign: Campaign) -> None:
    """Two classes by tokens of nine together, and one of 24 by cards: twelve of these are not any one adult's."""
    fill(town, campaign, {"5e A": [CALM] * 5 + [HURT] * 4})
    halves = cards_of(town, campaign, {"6e B": 24})
    for code in halves[0] + halves[1]:
        answer(town, code)
    found = closing_of(town, campaign)
    told = json.loads(found.record)
    assert (told["cards_made"], told["cards_alone"], told["cards"], told["replaced"]) == (24, 24, 24, 0)
    assert found.release == Release.ONE_CLASS  # enough for a result, but not beside a class of 24


def test_the_half_of_one_adult_makes_no_result(town: Town, campaign: Campaign) -> None:
    fill(town, campaign, {"5e A": [CALM] * 9})
    for code in cards_of(town, campaign, {"6e B": 24})[0]:
        answer(town, code)
    assert closing_of(town, campaign).release == Release.FEW


def test_classes_by_cards_alone_have_results_where_two_adults_hand_them_out(town: Town) -> None:
    campaign = started(town, "6e B", "5e A", "5e B")
    fill(town, campaign, {"5e B": [HURT] * 14})
    halves = cards_of(town, campaign, {"6e B": 30, "5e A": 30})
    for code in [one for half in halves for one in half]:
        answer(town, code)
    assert closing_of(town, campaign).release == Release.SHOWN  # 14, and 30 of 60: ten more than any class has


def test_what_was_agreed_on_is_forgotten_with_the_ballots(town: Town, campaign: Campaign) -> None:
    cards_of(town, campaign, {"6e B": 24})
    closing_of(town, campaign)
    assert (count(town, Card), count(town, CardClass)) == (0, 0)
    assert town.browser("alba").get(WAITING).status_code == 200


def test_codes_of_a_class_are_kept_nowhere(town: Town, campaign: Campaign) -> None:
    halves = cards_of(town, campaign, {"6e B": 8})
    with town.house.database.reading() as db:
        made, asked = (text("SELECT * FROM ent_ballot_card"), text("SELECT * FROM ent_card_class"))
        kept = repr([db.execute(made).all(), db.execute(asked).all()])
    assert not any(code.replace(" ", "") in kept or code in kept for half in halves for code in half)


@pytest.mark.parametrize(("language", "words"), [("en", "confirm"), ("ar", "تأكيد")])
def test_the_page_exists_in_each_language(town: Town, campaign: Campaign, language: str, words: str) -> None:
    ask(town.browser("alba"), campaign)
    page = town.browser("clerk", language).get(WAITING).text
    assert words in page
    assert "Confirmez" not in page
