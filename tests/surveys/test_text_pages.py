"""Questions that are answered in words, as people meet them: decided by a head, asked with a warning, read by few."""

import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest

from ent_module.privacy import audit
from ent_module.surveys import campaigns, content, own
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.plan import Readers
from ent_module.surveys.tables import Campaign
from tests.support.life import today
from tests.support.town import COLLEGE, OTHER, Town
from tests.surveys.campaign import ballots, card, reread, start, started
from tests.surveys.planned import announced, plan
from tests.surveys.test_texts import closed, idea, kept, wrote

PAGE = "/staff/surveys/questionnaires/texts"
ALL = {"asked": "yes", "agreed": ["readers", "no_search", "families"]}
OPENING = {"class_code": "6e B", "questionnaire": "school-climate", "told": "yes"}
QUESTION = "Qu’est-ce qui aiderait à mieux vivre ensemble ici\u202f?"
CLIMATE = "school-climate"


def offered(town: Town, uai: str = COLLEGE) -> Questionnaire:
    with town.house.database.reading() as db:
        return own.questionnaires_for(db, town.schools[uai])[CLIMATE]


def words_of(page: str) -> str:
    return " ".join(unescape(page).split())


# --- Deciding --------------------------------------------------------------------------------------------------------


def test_nothing_is_to_be_written_until_a_head_decides(town: Town) -> None:
    assert town.browser("alba").fill("/staff/surveys/open", OPENING, "class_code").status_code == 303
    with town.house.database.reading() as db:
        [campaign] = campaigns.campaigns(db, town.schools[COLLEGE])
        assert not campaigns.asked(db, campaign).texts
    page = town.browser("lina").get(f"/surveys/{campaign.id}/questions")
    assert page.status_code == 200
    assert "<textarea" not in page.text


def test_a_head_decides_after_reading_them_word_for_word(town: Town) -> None:
    head = town.browser("head")
    page = head.get(PAGE).text
    assert QUESTION in unescape(page)
    assert "Non posées" in page
    assert head.fill(PAGE, {**ALL, "agreed": ["readers", "families"]}, "agreed").status_code == 422
    assert not offered(town).texts
    assert head.fill(PAGE, ALL, "agreed").status_code == 303
    assert [item.id for item in offered(town).texts] == ["idea"]
    assert not offered(town).sensitive  # the one decision is not the other
    assert not offered(town, OTHER).texts
    assert head.fill(PAGE, {"asked": "no"}, PAGE).status_code == 303
    assert not offered(town).texts
    with town.house.database.reading() as db:
        done = [
            line.action for line in audit.lines(db, town.schools[COLLEGE], {"survey.texts", "survey.no_texts"}, today())
        ]
    assert done == ["survey.no_texts", "survey.texts"]
    assert town.browser("admin").post(PAGE, ALL).status_code == 403


@pytest.mark.parametrize("whole", [True, False])
def test_families_are_sent_the_question_where_it_is_asked(town: Town, whole: bool) -> None:
    asked = content.questionnaires()[CLIMATE]
    campaign = announced(town, plan(questionnaire=asked if whole else asked.without_texts))
    told = words_of(town.browser("head").get(f"/staff/surveys/campaigns/{campaign.id}/notice").text)
    assert (QUESTION in told.replace("ici ?", "ici\u202f?")) is whole


# --- Being asked -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False])
def test_a_pupil_knows_who_reads_before_writing(town: Town, whole: bool) -> None:
    with town.house.database.writing() as db:
        asked = content.questionnaires()[CLIMATE]
        campaign = start(town, db, "6e B", asked=asked if whole else asked.without_texts)
    lina = town.browser("lina")
    for address in (f"/surveys/{campaign.id}", "/surveys/secret"):
        assert ("Une question te laisse écrire." in lina.get(address).text) is whole
    assert ("laisse écrire" in town.browser("karim").get("/surveys/secret").text) is whole
    assert ("laisse écrire" in town.browser("alba").get("/staff/surveys/secret").text) is whole
    page = lina.get(f"/surveys/{campaign.id}/questions").text
    asked_for = re.search(r'<fieldset class="choices" id="idea".*?</fieldset>', page, re.DOTALL)
    assert bool(asked_for) is whole
    if asked_for:
        assert "N’écris aucun nom" in asked_for[0]
        assert "sans savoir qui l’a écrit" in asked_for[0]
        assert "Personne ne peut te répondre" in asked_for[0]
        [field] = re.findall(r"<textarea [^>]*>", asked_for[0])
        for attribute in ('maxlength="200"', 'spellcheck="false"', 'autocomplete="off"', 'dir="auto"'):
            assert attribute in field


def test_with_a_card_a_text_too_long_is_told_and_nothing_is_lost(town: Town) -> None:
    campaign = started(town, "6e B")
    nobody, code = town.app.test_client(), card(town, campaign, "6e B")

    def sent(**answers: str) -> tuple[int, str]:
        answer = nobody.post("/ent-ballots/card/answers", data={"code": code, **answers})
        return answer.status_code, unescape(answer.text)

    long = "\n« Là-bas » & <b>" + "x" * 200
    status, page = sent(idea=long, bullied="never")
    assert status == 422
    assert "Ce texte est trop long" in page
    assert 'href="#idea"' in page
    assert long in page  # what was typed, with the break at its start
    assert 'value="never" checked' in page
    assert ballots(town) == []
    assert sent(idea="Là-bas,\r\n des bancs", bullied="never")[0] == 200
    assert ballots(town) == [{"bullied": ["never"], "idea": ["Là-bas, des bancs"]}]


# --- Reading ---------------------------------------------------------------------------------------------------------


def at(campaign: Campaign, rest: str = "") -> str:
    return f"/staff/surveys/campaigns/{campaign.id}{rest}"


def test_texts_stand_on_their_own_page_and_nowhere_else(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    head = town.browser("head")
    page = head.get(at(campaign, "/texts")).text
    assert [one for one in range(10) if idea(one) in page] == list(range(10))
    assert page.index("<details>") < page.index(idea(0))
    assert f"<bdi>{idea(0)}</bdi>" in page
    assert at(campaign, "/texts") in head.get(at(campaign)).text
    for rest in ("", "/report", "/together", "/numbers.zip"):
        answer = head.get(at(campaign, rest))
        assert answer.status_code == 200
        parts = [answer.data]
        if rest.endswith("zip"):
            with ZipFile(BytesIO(answer.data)) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        assert not [part for part in parts if b"Plus de bancs" in part or b"mieux vivre ensemble" in part]


def test_below_the_threshold_the_page_says_how_many_are_needed_and_not_how_many_came(town: Town) -> None:
    campaign = closed(town, *wrote(*range(9)))
    page = words_of(town.browser("head").get(at(campaign, "/texts")).text)
    assert "Il faut 10 textes au moins" in page
    assert not re.search(r"\b9\b", page.partition("<main")[2].partition("</main>")[0])


def test_only_those_read_who_read_the_results(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    for who, status in (("alba", 404), ("clerk", 404), ("lycee_head", 404), ("admin", 404), ("lina", 403)):
        answer = town.browser(who).get(at(campaign, "/texts"))
        assert answer.status_code in {status, 403}, who
        assert "Plus de bancs" not in answer.text
    with town.house.database.writing() as db:
        db.get_one(Campaign, (campaign.establishment_id, campaign.id)).readers = Readers.ADULTS
    assert reread(town, campaign).readers == Readers.ADULTS
    page = town.browser("alba").get(at(campaign, "/texts"))
    assert page.status_code == 200
    assert idea(0) in page.text
    assert "Retirer" not in page.text


def test_a_survey_without_texts_has_no_such_page(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    assert town.browser("head").get(at(campaign, "/texts")).status_code == 404


def test_the_head_takes_one_away_for_good(town: Town) -> None:
    campaign = closed(town, *wrote(*range(10)))
    head = town.browser("head")
    page = head.get(at(campaign, "/texts")).text
    where = [one.removeprefix("/ent") for one in re.findall(r'href="([^"]*/texts/[^"]*)"', page)]
    assert len(where) == 10
    asked = head.get(where[2])
    assert asked.status_code == 200
    assert idea(2) in asked.text
    assert len(kept(town, campaign)) == 10  # asking takes nothing away
    assert town.browser("alba").post(where[2], {}).status_code == 403
    assert head.fill(where[2], {}, where[2]).status_code == 303
    assert idea(2) not in [body for _item, body in kept(town, campaign)]
    assert len(kept(town, campaign)) == 9
    assert head.get(where[2]).status_code == 404
    assert idea(2) not in head.get(at(campaign, "/texts")).text
    assert idea(3) in head.get(at(campaign, "/texts")).text  # those that were shown stay, nine by now
