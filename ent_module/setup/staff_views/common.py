"""What several pages need."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.establishments.model import Kind
from ent_module.help.model.draft import Audience
from ent_module.help.service import channel
from ent_module.help.wording import form
from ent_module.help.wording import writer as words
from ent_module.identity.model import Membership, Person
from ent_module.setup import seen, sentences, service
from ent_module.web.house import house


def today() -> date:
    """The day in Paris."""
    return paris(datetime.now(UTC)).date()


def around(db: Session, person: Person, name: str) -> dict[str, Any]:
    """What every page of a setting shows beside its form: how far it is, and what pupils will see."""
    here = person.here
    standing = establishments.standing(db, here.establishment_id, name)
    current = service.shown(db, here.establishment_id, name)
    word, kind = sentences.of_standing(standing)
    return {
        "name": name,
        "standing": standing.value,
        "standing_word": word,
        "standing_kind": kind,
        "shown_token": seen.token(house().keys, here.establishment_id, name, current),
        "preview": preview(db, here),
    }


@dataclass(frozen=True)
class Preview:
    """The help page as pupils would see it with the drafts, in the help room's own words."""

    young: bool
    """Whether it speaks to children of an école."""
    is_open: bool
    reading: words.Reading
    lines: list[str]
    own_words: dict[str, str]
    closed_now: tuple[str, list[str]] | None
    to: form.Question | None
    """Whom they may address: the cards."""
    cards: list[channel.Card]


def preview(db: Session, here: Membership) -> Preview:
    """What pupils of that establishment would see."""
    before = service.before_writing(db, here.establishment_id, datetime.now(UTC))
    young = here.kind in {Kind.ECOLE, Kind.CIRCONSCRIPTION}
    audience = Audience.YOUNG if young else Audience.PUPIL
    return Preview(
        young=young,
        is_open=channel.channel_status(db, here.establishment_id).open,
        reading=words.before_reading(audience, before),
        lines=words.before_lines(audience),
        own_words=before.own_words,
        closed_now=None if before.is_open_now else words.closed_now(audience, before.due_on),
        to=form.questions(audience, before, has_name=True).get("to"),
        cards=before.cards,
    )
