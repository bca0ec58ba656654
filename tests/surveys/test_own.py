"""A school's own questionnaires: kept, replaced, removed, and frozen in the campaigns that ask them."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ent_module.privacy import audit
from ent_module.surveys import campaigns, own
from ent_module.surveys.content import questionnaires
from ent_module.surveys.tables import CampaignClass, OwnQuestionnaire
from tests.support.town import COLLEGE, ECOLE, LYCEE, OTHER, Town
from tests.surveys.campaign import DAY, rows, start
from tests.surveys.own import CALM, asked_with, item, texts


def keep(town: Town, db: Session, data: dict[str, Any] | None = None, uai: str = COLLEGE) -> OwnQuestionnaire:
    """Kept by the admin and accepted by the head."""
    by, school = town.membership("admin").account_id, town.schools[uai]
    row = own.keep(db, school, data or asked_with(CALM), by, DAY)
    assert own.accept(db, school, row.digest, {}, town.membership("head").account_id, DAY)
    return row


def test_a_kept_questionnaire_is_offered_beside_the_shelf_and_in_that_school_only(town: Town, db: Session) -> None:
    kept = keep(town, db)
    assert kept.name == "own-essai"
    here = own.questionnaires_for(db, town.schools[COLLEGE])
    assert {"own-essai", "school-climate"} <= set(here)
    assert here["own-essai"].digest == kept.digest
    assert "own-essai" not in own.questionnaires_for(db, town.schools[OTHER])
    assert own.by_digest(db, town.schools[OTHER], kept.digest) is None
    assert own.by_digest(db, town.schools[COLLEGE], kept.digest) == here["own-essai"]


def test_no_own_questionnaire_takes_the_place_of_one_of_the_shelf(town: Town, db: Session) -> None:
    assert not [name for name in questionnaires() if name.startswith(own.PREFIX)]
    keep(town, db, asked_with(CALM, name="school-climate"))
    here = own.questionnaires_for(db, town.schools[COLLEGE])
    assert here["school-climate"] is questionnaires()["school-climate"].without_sensitive.without_texts
    assert here["own-school-climate"].title["fr"] == "Essai"


def test_only_what_asks_something_at_the_schools_level_is_offered_and_kept(town: Town, db: Session) -> None:
    for uai, level in ((ECOLE, "ecole"), (COLLEGE, "college"), (LYCEE, "lycee")):
        for asked in own.questionnaires_for(db, town.schools[uai]).values():
            assert asked.for_level(level)
    with pytest.raises(own.RefusedError):
        keep(town, db, uai=LYCEE)


def test_the_same_one_twice_is_kept_once_and_another_is_the_next_version(town: Town, db: Session) -> None:
    first = keep(town, db)
    assert keep(town, db) is first
    assert (rows(db, OwnQuestionnaire), first.data["version"]) == (1, 1)
    digest = first.digest
    changed = keep(town, db, asked_with(CALM, item("more", "Et encore ?", 3)))
    assert (rows(db, OwnQuestionnaire), changed.data["version"]) == (1, 2)
    assert changed.digest != digest


def test_a_campaign_keeps_the_version_with_which_it_opened(town: Town, db: Session) -> None:
    keep(town, db)
    school = town.schools[COLLEGE]
    campaign = start(town, db, "6e B", asked=own.questionnaires_for(db, school)["own-essai"])
    keep(town, db, asked_with({**CALM, "text": texts("Autre chose ?")}))
    asked = campaigns.asked(db, campaign)
    assert [one.text["fr"] for one in asked.items("college")] == ["C’est calme ici."]
    assert (asked.version, campaign.version) == (1, 1)
    assert own.questionnaires_for(db, school)["own-essai"].version == 2


def test_one_that_a_campaign_asked_stays_and_another_goes(town: Town, db: Session) -> None:
    school, by = town.schools[COLLEGE], town.membership("admin").account_id
    used, free = keep(town, db), keep(town, db, asked_with(CALM, name="autre"))
    start(town, db, "6e B", asked=own.questionnaires_for(db, school)["own-essai"])
    with pytest.raises(own.UsedError):
        own.remove(db, school, used.digest, by, DAY)
    assert own.remove(db, school, free.digest, by, DAY)
    db.flush()
    assert not own.remove(db, school, free.digest, by, DAY)
    assert [row.name for row in own.rows(db, school)] == ["own-essai"]
    done = [line.action for line in audit.lines(db, school, {"survey.kept", "survey.removed"}, DAY)]
    assert done == ["survey.kept", "survey.kept", "survey.removed"]


def test_another_school_removes_nothing_here(town: Town, db: Session) -> None:
    kept = keep(town, db)
    assert not own.remove(db, town.schools[OTHER], kept.digest, town.membership("other_admin").account_id, DAY)
    assert db.scalar(select(OwnQuestionnaire).where(OwnQuestionnaire.establishment_id == town.schools[COLLEGE]))


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"fr": "Seul"}},
        {"sections": []},
        {"scales": None},
        {"more": 1},
        {"licence": "<b>x</b>"},
        {"id": "../../etc"},
        {"title": texts("a" * 1_100_000)},
        {"title": texts("a" * 40_000)},
        {"title": texts("half a sign: \ud800")},
        {"title": texts("no sign: \x00")},
        {"more": json.loads("[" * 400 + "]" * 400)},
    ],
)
def test_what_the_check_of_the_shelf_refuses_is_not_kept(town: Town, db: Session, change: dict[str, object]) -> None:
    with pytest.raises(own.RefusedError) as refused:
        keep(town, db, asked_with(CALM) | change)
    assert refused.value.checked.faults
    assert rows(db, OwnQuestionnaire) == 0


SEX = item("sexe", "Fille ou garçon ?", 2)
MONTH = item("mois_naissance", "En quel mois es-tu né ?", 12)


def test_what_would_identify_is_not_kept_by_rule_then_by_the_numbers_of_the_school(town: Town, db: Session) -> None:
    data = asked_with(SEX, MONTH)
    with pytest.raises(own.RefusedError) as refused:
        keep(town, db, data)
    narrow = refused.value.checked.narrow
    assert narrow is not None
    assert (narrow.groups, narrow.pupils) == (24, None)
    school = town.schools[COLLEGE]
    start(town, db, *(f"{grade}e {letter}" for grade in "6543" for letter in "ABC"))
    for row in db.scalars(select(CampaignClass).where(CampaignClass.establishment_id == school)):
        row.pupils = 19
    db.flush()
    assert own.pupils(db, school) == 228
    with pytest.raises(own.RefusedError) as refused:
        keep(town, db, data)
    assert refused.value.checked.narrow is not None
    assert refused.value.checked.narrow.each == 9
    for row in db.scalars(select(CampaignClass).where(CampaignClass.establishment_id == school)):
        row.pupils = 20
    db.flush()
    assert keep(town, db, data).name == "own-essai"


def test_a_school_keeps_so_many_and_no_more(town: Town, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MOST", 2)
    for name in ("a", "b"):
        keep(town, db, asked_with(CALM, name=name))
    with pytest.raises(own.RefusedError) as refused:
        keep(town, db, asked_with(CALM, name="c"))
    assert refused.value.checked.full
    assert keep(town, db, asked_with(CALM, item("x", "Et ?", 2), name="a")).data["version"] == 2
