"""Each cohort has its own key and its own numbers, or none: tokens of one are nothing in another, and nobody finds the
small number of a level."""

import json
import secrets
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from ent_module.privacy.blind import verify
from ent_module.surveys import campaigns
from ent_module.surveys.model import ABOVE, ANSWERED, Answers
from ent_module.surveys.protocol import Cohort, MalformedBallotError, PublishedKeys
from ent_module.surveys.release import WHOLE, LevelCell
from ent_module.surveys.service import cards, dividing, issuing, record
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import Campaign, CampaignClass, Closing, SealedBallot
from tests.privacy.attackers import cornered, solved
from tests.support.town import Town
from tests.surveys.campaign import Voter, cohort_of, cohorts, fill, reread, send, shut
from tests.surveys.levels import CLASSES, divided
from tests.surveys.test_head_pages import address, words

WELL: Answers = {"bullied": ["never"], "safety_school": ["agree"]}
HURT: Answers = {"bullied": ["weekly"], "safety_school": ["disagree"]}


@pytest.fixture
def campaign(town: Town) -> Campaign:
    """Sixty pupils are enrolled in each of three levels."""
    return divided(town)


def cells(town: Town, campaign: Campaign) -> list[LevelCell]:
    with town.house.database.reading() as db:
        return campaigns.all_cells(db, campaign)


def answered(hurt: int, of: int) -> list[Answers]:
    return [HURT] * hurt + [WELL] * (of - hurt)


def levels(**hurt: int) -> dict[str, list[Answers]]:
    """The ballots of all six classes, 25 each; so many of each level are hurt, in its first class."""
    return {code: answered(hurt[f"n{code[:2]}"] if code[-1] in "AC" else 0, 25) for code in CLASSES}


def test_each_cohort_has_a_key_of_its_own_in_a_list_that_is_the_same_for_everyone(
    town: Town, campaign: Campaign
) -> None:
    told = json.loads(campaign.keys)
    assert [(one["name"], one["levels"], one["enrolled"]) for one in told["cohorts"]] == [
        ("Niveau 6e", ["6e"], 60),
        ("Niveau 5e", ["5e"], 60),
        ("Niveau 4e", ["4e"], 60),
    ]
    assert len({one["n"] for one in told["cohorts"]}) == len({one["id"] for one in told["cohorts"]}) == 3
    nobody = town.app.test_client().get(f"/ent-ballots/keys/{campaign.keys_digest}", base_url="https://ent.example")
    assert nobody.data == campaign.keys


def test_a_pupils_token_is_signed_for_the_cohort_of_the_pupils_class(town: Town, campaign: Campaign) -> None:
    blinded, keys = secrets.token_bytes(383).rjust(384, b"\0"), PublishedKeys.read(campaign.keys)
    with town.house.database.writing() as db:
        for code in ("6e A", "5e B"):
            place, account = campaign.establishment_id, uuid4()
            signed = issuing.issue(db, town.house.store, place, campaign.id, account, [code], blinded)()
            modulus = int.from_bytes(keys.cohort(cohort_of(db, campaign, code)).modulus, "big")
            assert pow(int.from_bytes(signed, "big"), 65_537, modulus) == int.from_bytes(blinded, "big")
        found = db.execute(text("SELECT cohort_id, class_code FROM ent_issuance")).all()
    assert len(found) == len({row.cohort_id for row in found}) == 2


def test_a_token_of_one_cohort_is_nothing_in_another(town: Town, campaign: Campaign) -> None:
    """Not under the other's name, not with the other's key, not with the other's sealing."""
    first, second, _third = (Voter.of(town, campaign, one) for one in cohorts(campaign))
    with town.house.database.writing() as db:
        assert send(db, campaign, first.body(WELL)) is Outcome.TAKEN  # control
        renamed = first.body(WELL)
        renamed = renamed[:60] + second.cohort.bytes + renamed[76:]
        theirs = secrets.token_bytes(32) + b"ent-ballot/1" + campaign.id.bytes + second.cohort.bytes + bytes(32)
        signed_by_mine = first.body(WELL, prepared=theirs)
        assert verify(first.key.public_key(), theirs, signed_by_mine[108:492])  # a naive check would pass
        nobodys = first.body(WELL, prepared=theirs.replace(second.cohort.bytes, uuid4().bytes))
        for body in (renamed, signed_by_mine, nobodys):
            with pytest.raises(MalformedBallotError):
                send(db, campaign, body)
        token = second.body(WELL)[:492]
        assert send(db, campaign, token + first.sealed(b"{}", sha256(token[:108]).digest())) is Outcome.TAKEN
    shut(town, campaign)
    with town.house.database.reading() as db:
        told = json.loads(db.scalars(select(Closing.record).execution_options(across=True)).one())
    assert (told["counted"], told["spoilt"]) == (1, 1)  # sealed for another cohort, it does not open


def test_a_ballot_that_somebody_puts_into_another_cohort_is_spoilt(town: Town, campaign: Campaign) -> None:
    """Whoever writes in the database cannot make a level's numbers from another's ballots."""
    fill(town, campaign, levels(n6e=10, n5e=10, n4e=10))
    first, second, _third = cohorts(campaign)
    with town.house.database.writing() as db:
        moved = db.scalars(select(SealedBallot).execution_options(across=True)).all()
        mine = [one for one in moved if one.cohort_id == first][:7]
        for one in mine:
            one.cohort_id = second
    shut(town, campaign)
    with town.house.database.reading() as db:
        told = json.loads(db.scalars(select(Closing.record).execution_options(across=True)).one())
    assert (told["counted"], told["spoilt"]) == (143, 7)


def test_a_card_is_counted_with_the_class_that_was_given_it(town: Town, campaign: Campaign) -> None:
    with town.house.database.writing() as db:
        place = (campaign.establishment_id, campaign.id)
        (code,) = cards.make(db, town.house.keys, *place, "5e A", 1)
        wanted = cohort_of(db, campaign, "5e A")
    answers = {"code": code, "bullied": "never"}
    town.app.test_client().post("/ent-ballots/card/answers", data=answers, base_url="https://ent.example")
    with town.house.database.reading() as db:
        (ballot,) = db.scalars(select(SealedBallot).execution_options(across=True)).all()
    assert (ballot.cohort_id, ballot.card) == (wanted, True)


# --- What is told of levels -------------------------------------------------------------------------------------------


def test_levels_are_told_beside_the_school_by_their_two_sides(town: Town, campaign: Campaign) -> None:
    fill(town, campaign, levels(n6e=11, n5e=14, n4e=17))
    shut(town, campaign)
    found = {cell[:3]: cell[3] for cell in cells(town, campaign)}
    assert {level: found[level, "bullied", ABOVE] for level in (WHOLE, "6e", "5e", "4e")} == {
        WHOLE: 42,
        "6e": 11,
        "5e": 14,
        "4e": 17,
    }
    assert {choice for level, _item, choice in found if level != WHOLE} == {ANSWERED, ABOVE}
    with town.house.database.reading() as db:
        assert record.faults(db, town.house.keys, campaign.establishment_id, campaign.id) == []
    with town.house.database.writing() as db:
        db.execute(text("UPDATE ent_result_cell SET count = count - 1 WHERE level = '5e' AND choice = '+'"))
    with town.house.database.reading() as db:
        assert record.faults(db, town.house.keys, campaign.establishment_id, campaign.id) == [
            "the published numbers are not the ones of the record"
        ]


def test_nobody_solves_for_the_few_of_a_level(town: Town, campaign: Campaign) -> None:
    """Two attackers with everything that is kept: one subtracts, one weighs all sums. Of the pages none tells more."""
    hurt = (10, 12, 1)
    fill(town, campaign, levels(n6e=hurt[0], n5e=hurt[1], n4e=hurt[2]))
    shut(town, campaign)
    found = {cell[:3]: cell[3] for cell in cells(town, campaign)}
    for item, above in (("bullied", hurt), ("safety_school", tuple(50 - one for one in hurt))):
        rows = [_row(found, level, item) for level in ("6e", "5e", "4e", WHOLE)]
        truth = tuple((50 - one, one) for one in above)
        assert not solved(tuple(rows))
        assert not cornered(tuple(rows), truth)
        assert rows[2][1] is None
        naive = [*((*sides, 50) for sides in truth[:2]), (None, None, 50), (150 - sum(above), sum(above), 150)]
        assert solved(tuple(naive))  # control: only the small number is hidden
    _pages_of_levels(town, campaign)


def _pages_of_levels(town: Town, campaign: Campaign) -> None:
    head = town.browser("head")
    page = words(head.get(address(campaign)).text).replace("\u202f", " ")
    assert "Les chiffres clés, par niveau" in page
    for level in ("Niveau 6e", "Niveau 5e", "Niveau 4e"):
        assert level in page
        assert level in words(head.get(address(campaign, "/report")).text)
    assert "non montré : petit nombre" in page
    assert "Niveau" not in words(head.get(address(campaign, "/together")).text)


def _row(found: dict[tuple[str, str, str], int], level: str, item: str) -> tuple[int | None, ...]:
    respondents, above = (found.get((level, item, choice)) for choice in (ANSWERED, ABOVE))
    below = None if respondents is None or above is None else respondents - above
    return below, above, respondents


def test_a_level_in_which_few_took_part_counts_with_the_whole_only(
    town: Town, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decided on counts alone, before anything is opened: such ballots are not even added up by themselves."""
    ballots = levels(n6e=15, n5e=15, n4e=0)
    ballots["4e C"], ballots["4e D"] = answered(3, 8), answered(0, 6)
    fill(town, campaign, ballots)
    decided: list[dict[UUID, str]] = []
    naive = dividing.levels

    def noted(*given: object) -> dict[UUID, str]:
        decided.append(naive(*given))  # type: ignore[arg-type]
        return decided[-1]

    monkeypatch.setattr(dividing, "levels", noted)
    shut(town, campaign)
    # What is left of two levels would be one class's, so the nearest joins it.
    assert [sorted(one.values()) for one in decided] == [[WHOLE, WHOLE, "6e"]]
    assert {cell[0] for cell in cells(town, campaign)} == {WHOLE, "6e"}
    page = words(town.browser("head").get(address(campaign)).text)
    after = page[page.index("Comptés avec tout l’établissement seulement") :][:200]
    assert [level in after for level in ("Niveau 5e", "Niveau 4e", "Niveau 6e")] == [True, True, False]


def test_blank_ballots_make_no_level(town: Town, campaign: Campaign) -> None:
    """Fifty have come of each level; of one, all but nine are blank."""
    ballots = levels(n6e=15, n5e=15, n4e=15)
    ballots["4e C"], ballots["4e D"] = [*answered(2, 5), *[{}] * 20], [*answered(0, 4), *[{}] * 21]
    fill(town, campaign, ballots)
    shut(town, campaign)
    told = {cell[0] for cell in cells(town, campaign)}
    assert "4e" not in told
    assert WHOLE in told
    assert len(told) < 3  # nor can it be worked out from the others


def test_too_many_cards_make_no_level() -> None:
    keys = tuple(Cohort(uuid4(), level, (level,), 60, b"") for level in ("6e", "5e", "4e"))
    first = keys[0].id
    took = dividing.Given({(one.id, f"{one.level} {letter}"): 25 for one in keys for letter in "AB"})
    pool = {(one.id, False): 40 for one in keys}
    assert set(dividing.levels(pool | {(first, True): 10}, took, keys).values()) == {"6e", "5e", "4e"}
    assert dividing.levels(pool | {(first, True): 11}, took, keys)[first] == WHOLE


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_while_it_is_open_each_cohort_is_told_in_fives_and_the_whole_tells_no_more(
    town: Town, campaign: Campaign
) -> None:
    head, pages = town.browser("head"), []
    six, five, _four = (Voter.of(town, campaign, one) for one in cohorts(campaign))
    for voter in [six] * 4 + [five] * 4 + [six] * 7:
        with town.house.database.writing() as db:
            assert send(db, campaign, voter.body(WELL)) is Outcome.TAKEN
        with town.house.database.reading() as db:
            standing = campaigns.standing(db, reread(town, campaign))
        pages.append((standing.taken, [taken for _cohort, taken in standing.cohorts]))
    # Eleven of the sixth and four of the fifth: of these nothing is seen, though fifteen came.
    assert pages[7] == (0, [0, 0, 0])
    assert pages[-1] == (10, [10, 0, 0])
    assert all(taken == sum(each) for taken, each in pages)
    text_of = words(head.get(address(campaign)).text)
    assert "Niveau 6e, 60 élèves : 10 questionnaires au moins sont arrivés." in text_of.replace("\u202f", " ")
    assert "Niveau 5e, 60 élèves : moins de 10 questionnaires sont arrivés." in text_of.replace("\u202f", " ")
    assert "Niveau 5e" in words(head.get(address(campaign, "/closing")).text)
    assert "Niveau" not in words(town.browser("alba").get("/staff/surveys").text)


def test_a_pupil_reads_with_whom_the_answers_are_counted(town: Town, campaign: Campaign) -> None:
    page = words(town.browser("lina").get("/surveys").text).replace("\u202f", " ")
    assert "ton groupe : Niveau 6e, 60 élèves." in page
    form = town.browser("lina").get(f"/surveys/{campaign.id}/questions").text
    with town.house.database.reading() as db:
        mine = cohort_of(db, campaign, "6e B")
    assert f'data-cohort="{mine}"' in form


def test_a_class_that_is_renamed_stays_in_its_cohort(town: Town, campaign: Campaign) -> None:
    """Cards and tokens of before carry their cohort themselves."""
    with town.house.database.writing() as db:
        place = (campaign.establishment_id, campaign.id)
        (code,) = cards.make(db, town.house.keys, *place, "5e A", 1)
        db.execute(text("UPDATE ent_campaign_class SET class_code = '5A' WHERE class_code = '5e A'"))
    with town.house.database.reading() as db:
        drawn = cards.drawn(db, town.house.keys, town.house.store, code)
        assert drawn
        joined = db.scalar(
            select(CampaignClass.cohort_id).where(
                CampaignClass.establishment_id == campaign.establishment_id, CampaignClass.class_code == "5A"
            )
        )
    assert drawn.cohort_id == joined
