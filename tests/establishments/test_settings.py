from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ent_module.establishments import service
from ent_module.establishments.model import Kind, Standing
from tests.support.town import CIRCONSCRIPTION, COLLEGE, DEPARTEMENT, ECOLE, OTHER, Town


@pytest.fixture
def college(town: Town) -> UUID:
    return town.schools[COLLEGE]


def test_a_draft_is_seen_by_nobody_until_it_is_published(db: Session, college: UUID) -> None:
    service.draft(db, college, "words", {"before": {"fr": "Un"}})
    assert service.published(db, college, "words") is None
    assert service.drafted(db, college, "words") == {"before": {"fr": "Un"}}
    assert service.standing(db, college, "words") is Standing.DRAFTED
    assert service.publish(db, college, "words")
    assert service.published(db, college, "words") == {"before": {"fr": "Un"}}
    assert service.standing(db, college, "words") is Standing.PUBLISHED
    assert not service.publish(db, college, "words")


def test_a_dropped_draft_leaves_what_is_published(db: Session, college: UUID) -> None:
    service.draft(db, college, "words", "one")
    service.publish(db, college, "words")
    service.draft(db, college, "words", "two")
    service.discard(db, college, "words")
    service.discard(db, college, "hours")
    assert service.drafted(db, college, "words") == "one"
    assert service.drafted(db, college, "hours", "default") == "default"


def test_a_school_inherits_from_the_nearest_level_above(db: Session, town: Town) -> None:
    ecole = town.schools[ECOLE]
    assert service.standing(db, ecole, "words") is Standing.MISSING
    for level in (DEPARTEMENT, CIRCONSCRIPTION, ECOLE):
        service.draft(db, town.schools[level], "words", level)
        assert service.published(db, ecole, "words", "nothing") != level
        service.publish(db, town.schools[level], "words")
        assert service.published(db, ecole, "words") == level
        expected = Standing.PUBLISHED if level == ECOLE else Standing.INHERITED
        assert service.standing(db, ecole, "words") is expected


def test_a_level_above_never_sees_what_is_drafted_below(db: Session, town: Town) -> None:
    service.draft(db, town.schools[ECOLE], "words", "mine")
    service.publish(db, town.schools[ECOLE], "words")
    assert service.published(db, town.schools[CIRCONSCRIPTION], "words") is None
    assert service.published(db, town.schools[OTHER], "words") is None


def test_an_empty_value_of_its_own_is_not_the_level_above(db: Session, town: Town) -> None:
    service.draft(db, town.schools[DEPARTEMENT], "cards", ["above"])
    service.publish(db, town.schools[DEPARTEMENT], "cards")
    service.draft(db, town.schools[COLLEGE], "cards", [])
    service.publish(db, town.schools[COLLEGE], "cards")
    assert service.published(db, town.schools[COLLEGE], "cards") == []


def test_the_calendar_follows_what_is_published(db: Session, college: UUID) -> None:
    service.draft(db, college, "hours", {"days": {"wed": ["08:00", "12:00"]}, "closed": []})
    assert "wed" not in service.calendar(db, college).hours.days
    service.publish(db, college, "hours")
    assert set(service.calendar(db, college).hours.days) == {"wed"}


def test_a_school_cannot_stand_above_a_school(db: Session) -> None:
    other = service.by_uai(db, OTHER)
    with pytest.raises(service.BadParentError):
        service.add(db, COLLEGE, "Collège", Kind.COLLEGE, parent=other, check=False)


def test_codes_are_checked(db: Session) -> None:
    with pytest.raises(service.BadUaiError):
        service.add(db, "0450822X", "Collège", Kind.COLLEGE)
    assert service.add(db, " 0450822z", "Collège", Kind.COLLEGE).uai == "0450822Z"


def test_levels_above_come_nearest_first(db: Session, town: Town) -> None:
    assert [level.uai for level in service.above(db, town.schools[ECOLE])] == [CIRCONSCRIPTION, DEPARTEMENT]


def test_a_preview_shows_drafts_and_writes_nothing(town: Town, college: UUID) -> None:
    database = town.house.database
    with database.writing() as db:
        service.draft(db, college, "words", "one")
        service.publish(db, college, "words")
        service.draft(db, college, "words", "two")
        service.draft(db, college, "cards", ["new"])
    with database.writing() as db:
        with service.as_if_published(db, college):
            assert service.published(db, college, "words") == "two"
            assert service.published(db, college, "cards") == ["new"]
            assert service.published(db, town.schools[OTHER], "words") is None
        assert service.published(db, college, "words") == "one"
        assert not db.dirty
    with database.reading() as db:
        assert service.published(db, college, "words") == "one"
        assert service.published(db, college, "cards") is None
        assert service.drafted(db, college, "words") == "two"
