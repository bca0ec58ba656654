"""What has happened in the town before anyone looks: a questionnaire closed at the lycée, messages that wait.

Everything is invented; it is put in through the rooms' own services, as the pages do it.
"""

import secrets
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251  # an invented town is the same at each start
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from ent_module.demo.people import COLLEGE, LYCEE
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.identity import service as identity
from ent_module.surveys import service as surveys
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Item
from ent_module.web.house import House

BALLOTS = 140
_CHANCE = Random(2026)
_CLASSES = ("2de 4", "2de 5", "1re 3", "Tle 2")


def remember(house: House) -> None:
    """Puts the past into a town that has just been settled."""
    with house.database.writing() as db:
        _questionnaire_closed_at_the_lycee(db, house)
        _messages_that_wait(db, house)


def _questionnaire_closed_at_the_lycee(db: Session, house: House) -> None:
    lycee, day = establishments.by_uai(db, LYCEE), paris(datetime.now(UTC)).date()
    asked = questionnaires()["school-climate"]
    by = _someone(db, lycee.id)
    opened = day - timedelta(days=20)
    campaign, *_same = [surveys.open(db, house.keys, lycee.id, asked, code, by, opened, pupils=35) for code in _CLASSES]
    for number in range(BALLOTS):
        answers = _ballot(list(asked.items(lycee.kind)))
        surveys.submit(db, house.keys, lycee.id, campaign.id, uuid4(), [_CLASSES[number % len(_CLASSES)]], answers)
    surveys.close(db, lycee.id, campaign.id, by, day - timedelta(days=2))


def _ballot(items: list[Item]) -> dict[str, list[str]]:
    """The answers of one pupil, which go together: about one in six is bullied, and these alone say where and whom."""
    bullied = _CHANCE.random() < 0.16
    return {item.id: _answer(item, bullied=bullied) for item in items if _CHANCE.random() > 0.04}


def _answer(item: Item, *, bullied: bool) -> list[str]:
    first, *others = [choice.id for choice in item.choices]
    if first == "disagree":
        likely = [4.0, 3.0, 2.0, 1.0] if item.reverse else [1.0, 2.0, 5.0, 9.0 - 4 * bullied]
        return _CHANCE.choices([first, *others], likely)
    if item.several:
        happened = bullied if first == "not_happened" else _CHANCE.random() < 0.4
        return _CHANCE.sample(others, _CHANCE.randint(1, 2)) if happened else [first]
    if first == "not_told":
        return _CHANCE.choices(others, [1, 3, 4, 2]) if bullied and _CHANCE.random() < 0.6 else [first]
    if item.id == "bullied":
        return _CHANCE.choices(others, [2, 4, 3, 1]) if bullied else _CHANCE.choices([first, others[0]], [9, 1])
    often = 0.5 if bullied else 0.08
    return _CHANCE.choices(others, [5, 3, 2, 1]) if _CHANCE.random() < often else [first]


def _someone(db: Session, establishment_id: UUID) -> UUID:
    return identity.adults(db, establishment_id)[0].id


def _messages_that_wait(db: Session, house: House) -> None:
    now = datetime.now(UTC)
    college, lycee = (establishments.by_uai(db, uai).id for uai in (COLLEGE, LYCEE))
    sent = (
        (
            Writer(college, Audience.PUPIL, "fr", "Hugo Vasseur", ("4e A",)),
            Draft(
                Audience.PUPIL,
                about="me",
                what=("online", "rejected"),
                message="Depuis la rentrée ils m’ont sorti du groupe. Hier ils ont mis une photo de moi.",
                often="several",
                danger="yes",
                answer="visit",
                parents="talk",
            ),
            now - timedelta(hours=2),
        ),
        (
            Writer(lycee, Audience.PUPIL, "fr", "", ()),
            Draft(
                Audience.PUPIL,
                about="other",
                what=("sad",),
                message="Une amie ne mange plus et dit qu’elle ne sert à rien. Je ne sais pas quoi faire.",
                often="daily",
                danger="unknown",
                answer="here-unnamed",
                parents="no",
            ),
            now - timedelta(days=1),
        ),
        (
            Writer(college, Audience.PARENT, "fr", "Marc Bertin", ()),
            Draft(
                Audience.PARENT,
                about="child",
                what=("mocked",),
                message="Mon fils ne veut plus prendre le car du matin. Pouvons-nous en parler ?",
                often="daily",
                danger="no",
                answer="visit",
            ),
            now - timedelta(days=1, hours=3),
        ),
    )
    for writer, draft, moment in sent:
        writing.send(db, house.keys, writer, draft, secrets.token_bytes(16), moment)
