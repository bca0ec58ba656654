"""Texts of a closed campaign: kept in the closing's transaction, read by those who may, taken away one by one, and
forgotten a year later."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.privacy import audit
from ent_module.surveys import campaigns
from ent_module.surveys.service.record import sign_text
from ent_module.surveys.tables import Campaign, Closing, SurveyText
from ent_module.web.house import House, Keys

KEPT_FOR = timedelta(days=365)
"""After the end of their campaign."""


def keep_texts(db: Session, keys: Keys, campaign: Campaign, texts: Sequence[tuple[str, str]]) -> None:
    """Writes texts, each with its question, in the order in which they are given: `written.kept` decides it."""
    place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
    rows = [{**place, "id": uuid4(), "item": item, "body": body} for item, body in texts]
    if rows:
        db.execute(insert(SurveyText), [{**row, "signature": sign_text(keys, SurveyText(**row))} for row in rows])


def texts_of(db: Session, campaign: Campaign) -> dict[str, list[SurveyText]]:
    """The texts by question, in the order of their words. A question of which none was kept is not there; one whose
    texts are all gone has none."""
    closing = campaigns.closing_of(db, campaign.establishment_id, campaign.id)
    told = json.loads(closing.record).get("texts", {}) if closing and closing.record else {}
    found = db.scalars(
        select(SurveyText).where(
            SurveyText.establishment_id == campaign.establishment_id, SurveyText.campaign_id == campaign.id
        )
    )
    texts: dict[str, list[SurveyText]] = {item: [] for item in told}
    for one in sorted(found, key=lambda one: (one.body.casefold(), one.id)):
        texts[one.item].append(one)
    return texts


def text_of(db: Session, campaign: Campaign, text_id: UUID) -> SurveyText | None:
    """One text of that campaign."""
    found = db.get(SurveyText, (campaign.establishment_id, text_id))
    return found if found is not None and found.campaign_id == campaign.id else None


def remove(db: Session, text: SurveyText, by: UUID, today: date) -> None:
    """Takes a text away for good; the trail says that one was, and not which."""
    audit.note(db, text.establishment_id, by, "survey.text_removed", text.campaign_id, today)
    db.delete(text)
    db.flush()


def forget(house: House, now: datetime) -> None:
    """The job: deletes the texts of campaigns that ended a year ago."""
    old = select(Closing.establishment_id, Closing.campaign_id).where(Closing.closed_on < paris(now).date() - KEPT_FOR)
    held = old.where(
        select(SurveyText.id)
        .where(SurveyText.establishment_id == Closing.establishment_id, SurveyText.campaign_id == Closing.campaign_id)
        .exists()
    )
    with house.database.reading() as db:
        found = list(db.execute(held, execution_options={"across": True}))
    for establishment_id, campaign_id in found:
        with house.database.writing() as db:
            db.execute(
                delete(SurveyText).where(
                    SurveyText.establishment_id == establishment_id, SurveyText.campaign_id == campaign_id
                )
            )
