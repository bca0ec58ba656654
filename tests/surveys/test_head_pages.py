import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest

from ent_module.surveys.service.closing import finish
from ent_module.surveys.tables import Campaign, SealedBallot
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import CALM, HURT, LATER, fill, reread, rows, shut, start, started


def address(campaign: Campaign, more: str = "") -> str:
    return f"/staff/surveys/campaigns/{campaign.id}{more}"


def words(page: str) -> str:
    """What stands in the main part of a page, without tags, in one line; every space is a plain one."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def school(town: Town) -> Campaign:
    """Two classes of twenty: five say that they are bullied weekly, all others never; all feel safe but those."""
    campaign = started(town, "6e B", "5e A")
    safe, hurt = {**CALM, "belonging_adult": ["agree"]}, {**HURT, "safety_school": ["disagree"]}
    fill(town, campaign, {"6e B": [safe] * 15 + [hurt] * 5, "5e A": [safe] * 20})
    return campaign


def test_a_head_sees_participation_ends_it_and_reads_once_all_is_counted(town: Town) -> None:
    campaign, head = school(town), town.browser("head")
    arrived = "40 questionnaires au moins sont arrivés."
    assert f"{arrived} L’enquête est ouverte pour 2 classes." in words(head.get("/staff/surveys/campaigns").text)
    running = words(head.get(address(campaign)).text)
    assert arrived in running
    assert "%" not in running
    confirm = words(head.get(address(campaign, "/closing")).text)
    for part in (arrived, "leurs clés détruites", "ne se rouvre pas", "Sous 10 réponses"):
        assert part in confirm
    assert head.post(address(campaign, "/closing")).status_code == 303
    counting = words(head.get(address(campaign)).text)
    assert "Les réponses vont être comptées." in counting
    assert "%" not in counting
    assert "Les réponses vont être comptées." in words(head.get("/staff/surveys/campaigns").text)
    finish(town.house, datetime.now(UTC) + LATER)
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 0
    told = words(head.get(address(campaign)).text)
    assert "disent être harcelés deux ou trois fois par mois, ou plus souvent 13 % des élèves" in told
    assert f"{arrived} 2 classes ont participé." in told


def test_lost_keys_are_told(town: Town) -> None:
    campaign = school(town)
    town.house.store.destroy(campaign.id)
    shut(town, campaign)
    assert "Les clés de cette enquête ont été perdues" in words(town.browser("head").get(address(campaign)).text)


def test_figures_come_first_then_bars_then_every_answer(town: Town) -> None:
    campaign = school(town)
    shut(town, campaign)
    page = town.browser("head").get(address(campaign)).text
    assert page.index('class="figures"') < page.index('class="bars') < page.index("<details>")
    assert page.count('<svg class="bar"') > 3


def test_under_ten_answers_to_a_question_nothing_is_shown_of_it(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 20, "5e A": [CALM] * 14 + [HURT] * 6})
    shut(town, campaign)
    told = words(town.browser("head").get(address(campaign)).text)
    assert "non montré : moins de 10 réponses" in told  # six answered `told`, none `belonging_adult`
    assert re.search(r"connaître ici un adulte à qui parler non montré", told)


def test_small_numbers_stay_hidden(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 20, "5e A": [CALM] * 17 + [HURT] * 3})
    shut(town, campaign)
    told = words(town.browser("head").get(address(campaign)).text)
    assert "ou plus souvent non montré : petit nombre" in told
    assert "8 %" not in told  # 3 of 40
    assert "93 %" not in told  # and what would tell them


def test_fewer_than_ten_ballots_show_nothing_at_all(town: Town) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 5, "5e A": [CALM] * 4 + [{}] * 9})
    shut(town, campaign)
    told = words(town.browser("head").get(address(campaign)).text)
    assert "moins de 10 réponses" in told
    assert "15 questionnaires au moins" in told
    assert "%" not in told


def test_a_reminder_is_for_all_and_the_same_whoever_has_answered(town: Town) -> None:
    campaign, head = started(town, "6e B"), town.browser("head")
    before = words(head.get(address(campaign)).text)
    fill(town, campaign, {"6e B": [CALM] * 4})
    assert words(head.get(address(campaign)).text) == before
    for said in ("Ce rappel est pour tous", "This reminder is for everyone", "هذا التذكير للجميع"):
        assert said in before


def test_how_few_took_part_is_not_told_after_the_closing(town: Town) -> None:
    campaign, head = started(town, "6e B", "5e A"), town.browser("head")
    fill(town, campaign, {"6e B": [CALM] * 5, "5e A": [CALM] * 4})
    shut(town, campaign)
    for page in ("/staff/surveys/campaigns", address(campaign)):
        assert "Moins de 10 questionnaires sont arrivés." in words(head.get(page).text)


@pytest.mark.parametrize("others", [0, 9])
def test_what_would_be_one_classes_result_is_not_shown(town: Town, others: int) -> None:
    campaign = started(town, "6e B", "5e A")
    fill(town, campaign, {"6e B": [CALM] * 28, "5e A": [CALM] * others})
    shut(town, campaign)
    told = words(town.browser("head").get(address(campaign)).text)
    assert "peuvent venir d’une seule classe" in told
    assert "%" not in told


def test_a_class_that_was_divided_into_groups_is_one_class(town: Town) -> None:
    campaign = started(town, "6e B gr1", "6e B gr2")
    fill(town, campaign, {"6e B gr1": [CALM] * 14, "6e B gr2": [CALM] * 14})
    shut(town, campaign)
    told = words(town.browser("head").get(address(campaign)).text)
    assert "peuvent venir d’une seule classe" in told
    assert "%" not in told


def test_no_page_tells_anything_of_one_class(town: Town) -> None:
    campaign = school(town)
    shut(town, campaign)
    told = words(town.browser("head").get(address(campaign)).text)
    assert "6e B" not in told
    assert "5e A" not in told


def test_nobody_closes_before_the_announced_day(town: Town) -> None:
    with town.house.database.writing() as db:
        campaign = start(town, db, "6e B", day=datetime.now(UTC).date())
    head = town.browser("head")
    page = head.get(address(campaign)).text
    assert "pas avant : ce jour a été annoncé." in words(page)
    assert "/closing" not in page
    assert head.get(address(campaign, "/closing")).status_code == 303
    refused = head.post(address(campaign, "/closing"))
    assert refused.status_code == 400
    assert "L’enquête ne se clôt pas avant." in words(refused.text)
    assert reread(town, campaign).state == "open"


def test_closing_twice_is_closing_once(town: Town) -> None:
    campaign, head = school(town), town.browser("head")
    assert [head.post(address(campaign, "/closing")).status_code for _turn in range(2)] == [303, 303]
    assert head.get(address(campaign, "/closing")).status_code == 303


def test_a_head_of_another_school_finds_nothing(town: Town) -> None:
    campaign, other = school(town), town.browser("other_head")
    for page in ("", "/closing"):
        assert other.get(address(campaign, page)).status_code == 404
    assert other.post(address(campaign, "/closing")).status_code == 404
    assert "Aucune enquête" in other.get("/staff/surveys/campaigns").text
    assert other.get(f"/staff/surveys/campaigns/{uuid4()}").status_code == 404
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 40


def test_nobody_but_the_head_reads_or_closes(town: Town) -> None:
    campaign = started(town, "6e B")
    for browser in map(town.browser, ("lina", "karim", "alba", "petit", "ines", "admin", "clerk")):
        for page in ("/staff/surveys/campaigns", address(campaign), address(campaign, "/closing")):
            assert browser.get(page).status_code in {403, 404}
        assert browser.post(address(campaign, "/closing")).status_code == 403


def test_opening_and_closing_stand_in_the_audit_trail_and_pupils_do_not(town: Town) -> None:
    from sqlalchemy import select

    from ent_module.privacy.tables import AuditLine

    campaign = school(town)
    shut(town, campaign)
    with town.house.database.reading() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.establishment_id == town.schools[COLLEGE])).all()
    assert sorted(line.action for line in lines) == ["survey.closed", "survey.keys", "survey.opened", "survey.opened"]
    assert {line.object_id for line in lines if line.action != "survey.keys"} == {campaign.id}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "not shown: fewer than 10 answers"), ("ar", "غير معروض: أقل من 10 إجابات")],
)
def test_a_heads_pages_exist_in_each_language(town: Town, language: str, sentence: str) -> None:
    campaign, head = school(town), town.browser("head", language)
    for page in ("/staff/surveys/campaigns", address(campaign), address(campaign, "/closing")):
        assert "enquête" not in words(head.get(page).text)
    shut(town, campaign)
    told = words(head.get(address(campaign)).text)
    assert sentence in told
    assert "élèves" not in told
