"""A campaign before it opens, and how it opens: each action once, whatever is done twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ent_module.privacy import audit
from ent_module.surveys import campaigns
from ent_module.surveys.model import Joining, Questionnaire, State, Where
from ent_module.surveys.plan import OTHER, Notice, Readers, Told
from ent_module.surveys.service import closing, erasing, issuing, opening, planning, restoring
from ent_module.surveys.tables import Campaign, CampaignClass
from tests.support.town import CIRCONSCRIPTION, COLLEGE, Town
from tests.surveys.campaign import (
    CALM,
    NOON,
    OPENED,
    Voter,
    climate,
    reread,
    rows,
    send,
    shut,
    start,
    started,
    take_token,
)
from tests.surveys.planned import CLASSES, END, FIRST, announce, announced, draft, plan

OLDER = Questionnaire.from_data({**climate().data, "version": 7, "source": "An older wording"})


def keys_of(town: Town, campaign: Campaign) -> bool:
    """Whether the store has keys of that campaign."""
    folder = town.house.settings.resolved_key_store / campaign.id.hex
    return folder.is_dir() and any(folder.iterdir())


def at(day: date) -> datetime:
    """Early in the morning of that day, in Paris."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def tick(town: Town, day: date) -> None:
    """What the tick does to campaigns that morning."""
    opening.open_due(town.house, at(day))


def test_a_draft_has_classes_with_levels_and_no_keys(town: Town, db: Session) -> None:
    campaign = draft(town, db)
    assert (campaign.state, campaign.keys, campaign.keys_digest) == (State.DRAFT, b"", "")
    assert (campaign.opened_on, campaign.closes_on, campaign.number) == (FIRST, END, 1)
    found = [(row.class_code, row.enrolled, row.level, row.place) for row in campaigns.audience(db, campaign)]
    assert found == [("4e C", 25, "4e", None), ("5e A", 24, "5e", None), ("6e B", 26, "6e", None)]
    assert not keys_of(town, campaign)


def test_nobody_but_the_head_sees_a_draft(town: Town, db: Session) -> None:
    campaign = draft(town, db)
    assert campaigns.waiting(db, campaign.establishment_id, ["6e B"]) == []
    assert campaigns.open_for(db, campaign.establishment_id, ["6e B"]) == []
    assert campaigns.running(db, campaign.establishment_id, "school-climate", 2026) is None
    with pytest.raises(issuing.NotAskedError):
        take_token(town, db, campaign, "6e B")


def test_a_draft_changes_and_keeps_the_levels_that_were_corrected(town: Town, db: Session) -> None:
    campaign = draft(town, db)
    place = (campaign.establishment_id, campaign.id)
    planning.set_levels(db, *place, {"4e C": OTHER, "unknown": "3e"})
    planning.change(db, *place, plan(classes=(*CLASSES[1:], ("3e D", 22)), readers=Readers.ADULTS, place=Where.HOME))
    found = {row.class_code: row.level for row in campaigns.audience(db, campaign)}
    assert found == {"4e C": OTHER, "5e A": "5e", "3e D": "3e"}
    assert (campaign.readers, campaign.place) == (Readers.ADULTS, Where.HOME)


def test_a_draft_is_discarded_once(town: Town, db: Session) -> None:
    campaign, head = draft(town, db), town.membership("head").account_id
    for _turn in range(2):
        planning.discard(db, campaign.establishment_id, campaign.id, head, OPENED)
    assert (rows(db, Campaign), rows(db, CampaignClass)) == (0, 0)
    assert draft(town, db).number == 1


def test_announcing_freezes_the_questionnaire_and_makes_keys_once(town: Town, db: Session) -> None:
    campaign = draft(town, db, plan(questionnaire=OLDER))
    place, head = (campaign.establishment_id, campaign.id), town.membership("head").account_id
    told = Notice(Told.NOTICE, OPENED)
    made = [
        planning.announce(db, town.house.store, *place, climate(), told, head, OPENED).keys_digest for _turn in range(2)
    ]
    assert made == [campaign.keys_digest] * 2
    assert (campaign.state, campaign.digest) == (State.ANNOUNCED, climate().digest)
    assert keys_of(town, campaign)
    assert (campaign.told, campaign.told_on, campaign.announced_on) == (Told.NOTICE, OPENED, OPENED)
    with pytest.raises(planning.AnnouncedError):
        planning.change(db, *place, plan())
    with pytest.raises(planning.AnnouncedError):
        planning.set_levels(db, *place, {"6e B": OTHER})
    with pytest.raises(planning.AnnouncedError):
        planning.discard(db, *place, head, OPENED)


def test_announcing_again_after_a_crash_gives_keys_that_belong_together(town: Town) -> None:
    """What the first try left in the store is in no document."""
    with town.house.database.writing() as db:
        campaign = draft(town, db)
    with town.house.database.writing() as db:
        announce(town, db, campaign)
        db.rollback()
    assert reread(town, campaign).state == State.DRAFT
    with town.house.database.writing() as db:
        announce(town, db, campaign)
    tick(town, FIRST)
    with town.house.database.writing() as db:
        opening.open_class(
            db, town.house.store, campaign.establishment_id, climate(), Joining("6e B"), campaign.id, FIRST
        )
    with town.house.database.writing() as db:
        now = reread(town, campaign)
        assert send(db, now, Voter.of(town, now).body(CALM)) == "taken"


def test_families_who_do_not_know_long_enough_hold_it_up(town: Town, db: Session) -> None:
    campaign = draft(town, db)
    with pytest.raises(planning.TooSoonError):
        announce(town, db, campaign, OPENED + timedelta(days=1))
    late = draft(town, db, plan(opens_on=OPENED, closes_on=END))
    told = Notice(Told.MEETING, OPENED - timedelta(days=30))
    with pytest.raises(planning.TooSoonError):  # its first day is past
        planning.announce(
            db, town.house.store, late.establishment_id, late.id, climate(), told, late.id, OPENED + timedelta(days=1)
        )
    assert {one.state for one in campaigns.campaigns(db, town.schools[COLLEGE])} == {State.DRAFT}


def test_it_opens_on_its_day_and_not_before(town: Town) -> None:
    campaign = announced(town)
    tick(town, FIRST - timedelta(days=1))
    assert reread(town, campaign).state == State.ANNOUNCED
    for _turn in range(2):
        tick(town, FIRST)
        assert reread(town, campaign).state == State.OPEN
    with town.house.database.reading() as db:
        assert campaigns.open_for(db, campaign.establishment_id, ["6e B"]) == []  # until the teacher starts


def test_a_day_without_a_tick_is_made_up_for(town: Town) -> None:
    campaign = announced(town)
    tick(town, FIRST + timedelta(days=3))
    now = reread(town, campaign)
    assert (now.state, now.opened_on) == (State.OPEN, FIRST)


def test_at_home_all_classes_may_answer_from_the_first_day(town: Town) -> None:
    campaign = announced(town, plan(place=Where.HOME))
    tick(town, FIRST)
    with town.house.database.reading() as db:
        for code, _enrolled in CLASSES:
            assert [one.id for one in campaigns.open_for(db, campaign.establishment_id, [code])] == [campaign.id]
        found = campaigns.for_pupil(db, campaign.establishment_id, campaign.id, ["6e B"])
    assert found
    assert found[1].place == Where.HOME


def begin(town: Town, db: Session, class_code: str, day: date) -> Campaign:
    """Alba starts a class that day."""
    alba, school = town.membership("alba").account_id, town.schools[COLLEGE]
    joining = Joining(class_code, None, Where.CLASS)
    return opening.open_class(db, town.house.store, school, climate(), joining, alba, day)


def test_a_teacher_starts_on_the_day_even_where_no_tick_came_before(town: Town, db: Session) -> None:
    campaign = announce(town, db, draft(town, db))
    with pytest.raises(opening.NotYetError) as refused:
        begin(town, db, "6e B", FIRST - timedelta(days=1))
    assert refused.value.day == FIRST
    for _turn in range(2):
        assert begin(town, db, "6e B", FIRST).id == campaign.id
    assert (campaign.state, campaigns.classes_of(db, campaign)) == (State.OPEN, ["6e B"])
    started_by = {row.class_code: row.opened_by for row in campaigns.audience(db, campaign)}
    assert started_by == {"6e B": town.membership("alba").account_id, "5e A": None, "4e C": None}
    take_token(town, db, campaign, "6e B")
    with pytest.raises(issuing.NotAskedError):
        take_token(town, db, campaign, "5e A")  # in the audience, and not started


def test_a_class_outside_the_audience_is_refused(town: Town, db: Session) -> None:
    campaign = announce(town, db, draft(town, db, plan(classes=CLASSES[1:])))
    with pytest.raises(opening.NotListedError):
        begin(town, db, "6e B", FIRST)
    assert campaigns.classes_of(db, campaign) == []


def test_a_class_that_was_listed_in_other_signs_is_the_portals(town: Town, db: Session) -> None:
    campaign = announce(town, db, draft(town, db, plan(classes=(("6ème b", 26), ("5A", 24)))))
    (waiting,) = campaigns.waiting(db, campaign.establishment_id, ["6e B"])
    assert waiting.class_code == "6e B"
    begin(town, db, "6e B", FIRST)
    assert campaigns.classes_of(db, campaign) == ["6e B"]
    assert rows(db, CampaignClass) == 2
    take_token(town, db, campaign, "6e B")


def test_what_was_announced_is_called_off_until_it_opens(town: Town, db: Session) -> None:
    campaign, head = announce(town, db, draft(town, db)), town.membership("head").account_id
    place = (campaign.establishment_id, campaign.id)
    for _turn in range(2):
        planning.call_off(db, town.house.store, *place, head, OPENED)
    assert (rows(db, Campaign), rows(db, CampaignClass)) == (0, 0)
    assert not keys_of(town, campaign)
    again = announce(town, db, draft(town, db))
    begin(town, db, "6e B", FIRST)
    with pytest.raises(planning.OpenError):
        planning.call_off(db, town.house.store, *place[:1], again.id, head, FIRST)
    assert keys_of(town, again)


def test_only_one_campaign_of_a_questionnaire_runs(town: Town, db: Session) -> None:
    start(town, db, "6e B")
    second = draft(town, db, plan(opens_on=END, closes_on=END + timedelta(days=9)))
    assert second.number == 2
    with pytest.raises(planning.RunningError):
        announce(town, db, second)


def test_a_second_campaign_of_the_year_opens_once_the_first_has_ended(town: Town) -> None:
    first = started(town, "6e B")
    shut(town, first)
    later = NOON.date() + timedelta(days=10)
    second = announced(town, plan(opens_on=later, closes_on=later + timedelta(days=9)), NOON.date())
    assert (second.number, second.id != first.id) == (2, True)
    with town.house.database.writing() as db:
        assert begin(town, db, "6e B", later).id == second.id


def test_nothing_ends_before_the_announced_day(town: Town, db: Session) -> None:
    campaign, head = announce(town, db, draft(town, db)), town.membership("head").account_id

    def end(day: date) -> None:
        closing.end(db, campaign.establishment_id, campaign.id, head, at(day), day)

    with pytest.raises(closing.TooEarlyError):
        end(END)  # it has not even opened
    begin(town, db, "6e B", FIRST)
    with pytest.raises(closing.TooEarlyError) as refused:
        end(END - timedelta(days=1))
    assert (refused.value.day, campaign.state) == (END, State.OPEN)
    for _turn in range(2):
        end(END)
    assert campaign.state == State.ENDED


def test_only_schools_draft(town: Town, db: Session) -> None:
    with pytest.raises(opening.NotASchoolError):
        planning.draft(db, town.schools[CIRCONSCRIPTION], plan(), town.schools[CIRCONSCRIPTION], OPENED)


def test_the_database_holds_that_drafts_have_no_keys_and_others_a_day(town: Town, db: Session) -> None:
    campaign = draft(town, db)
    for change in (
        "keys_digest = 'ab'",
        "announced_on = opened_on",
        "state = 'open'",
        "readers = 'everyone'",
        "told = 'never'",
        "place = 'street'",
    ):
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(text(f"UPDATE ent_campaign SET {change}"))  # noqa: S608  # the changes above
    assert campaign.state == State.DRAFT


def test_who_announced_can_be_erased_and_what_was_done_stands_in_the_audit_trail(town: Town, db: Session) -> None:
    campaign, head = announce(town, db, draft(town, db)), town.membership("head").account_id
    erasing.erase(db, campaign.establishment_id, head)
    db.expire_all()
    assert campaign.announced_by is None
    acts = {"survey.announced", "survey.drafted", "survey.keys", "survey.opened"}
    done = {line.action: line.object_id for line in audit.lines(db, campaign.establishment_id, acts, date.min)}
    assert sorted(done) == ["survey.announced", "survey.drafted", "survey.keys"]
    assert done["survey.keys"] == UUID(hex=campaign.keys_digest[:32])  # what every page and paper shows of the keys


def test_after_a_restore_a_draft_is_still_there_and_what_had_keys_is_not(town: Town, db: Session) -> None:
    announce(town, db, draft(town, db))
    drafted = draft(town, db)
    assert [one.questionnaire for one in restoring.begin_anew(db, town.house.store)] == ["school-climate"]
    assert campaigns.campaigns(db, town.schools[COLLEGE]) == [drafted]
