"""How answers are kept secret, in the words of whoever reads it; where the way there is, and for whom."""

import re

import pytest
from sqlalchemy import update

from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import State
from ent_module.surveys.tables import Campaign
from tests.support.town import Town
from tests.surveys.campaign import start
from tests.surveys.shared import entrusted

PUBLIC, STAFF = "/surveys/secret", "/staff/surveys/secret"
ONLY = {
    "noe": "comme dans un sac",
    "lina": "Le serveur signe sans voir le jeton",
    "karim": "Votre enfant, ou vous",
    "head": "RFC 9474",
}
"""What stands in the page of one of them alone."""


@pytest.fixture
def backend() -> str:
    """What a page says has nothing to do with the database."""
    return "sqlite"


def path(who: str) -> str:
    return STAFF if who == "head" else PUBLIC


@pytest.mark.parametrize("who", sorted(ONLY))
def test_each_reads_it_in_their_words(town: Town, who: str) -> None:
    told = town.browser(who).get(path(who)).text
    assert {one for one, words in ONLY.items() if words in told} == {who}


@pytest.mark.parametrize("who", sorted(ONLY))
def test_each_is_told_that_it_can_be_broken_while_it_runs(town: Town, who: str) -> None:
    """To promise that nobody could would be a lie."""
    told = town.browser(who).get(path(who)).text
    assert {"noe": "pourrait regarder", "head": "leurs clés"}.get(who, "pourrait faire un lien") in told
    assert "RSA" not in told or who == "head"


WEAKER, STRONGER = "Il est plus faible", "Copier la machine ne suffit pas"


@pytest.mark.parametrize("who", ["lina", "karim", "head"])
def test_each_is_told_who_has_the_key_of_what_is_asked_now(town: Town, who: str) -> None:
    browser = town.browser(who)

    def told() -> tuple[int, int]:
        page = browser.get(path(who)).text
        return page.count(WEAKER), page.count(STRONGER)

    assert told() == (0, 0)
    assert "Selon l’enquête" in browser.get(path(who)).text
    with town.house.database.writing() as db:
        start(town, db, "6e B", asked=questionnaires()["trip"])
    assert told() == (1, 0)
    made = entrusted(town, "6e B", "5e A")
    assert told() == (1, 1)
    with town.house.database.writing() as db:
        db.execute(
            update(Campaign)
            .where(Campaign.establishment_id == made.campaign.establishment_id, Campaign.id == made.campaign.id)
            .values(state=State.COUNTED)
        )
    assert told() == (1, 0)


@pytest.mark.parametrize("who", sorted(ONLY))
@pytest.mark.parametrize("page", ["/using", "/personal-data"])
def test_the_way_there_is_on_the_pages_that_tell_what_is_kept(town: Town, who: str, page: str) -> None:
    assert f'href="/ent{path(who)}"' in town.browser(who).get(page).text


@pytest.mark.parametrize("page", ["/using", "/personal-data"])
def test_who_is_not_signed_in_is_not_sent_to_a_page_that_is_not_theirs(town: Town, page: str) -> None:
    assert "surveys/secret" not in town.browser(None).get(page).text


def test_a_childs_sentences_are_short(town: Town) -> None:
    main = town.browser("noe").get(PUBLIC).text.partition("<main")[2].partition("</main>")[0]
    sentences = [one for line in re.findall(r"<li>(.*?)</li>", main) for one in re.split(r"[.?]", line) if one.strip()]
    assert len(sentences) > 10
    assert max(len(re.findall(r"\w[\w’]*", one)) for one in sentences) < 12
