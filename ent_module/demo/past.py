"""What has happened in the town before anyone looks: a questionnaire closed at the lycée, messages that wait.

Everything is invented; it is put in through the rooms' own services, as the pages do it.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random  # noqa: TID251  # an invented town is the same at each start
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA384
from sqlalchemy.orm import Session

from ent_module.demo.people import COLLEGE, LYCEE
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.identity import service as identity
from ent_module.privacy import ballot_seal
from ent_module.surveys.campaign_keys import token_key
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import DAYS_OPEN, Item, Joining
from ent_module.surveys.protocol import MARK, SIGNATURE, PublishedKeys
from ent_module.surveys.service import closing, issuing, opening, pool
from ent_module.web.house import House

BALLOTS = 140
_CHANCE = Random(2026)
_CLASSES = ("2de 4", "2de 5", "1re 3", "Tle 2")


def remember(house: House) -> None:
    """Puts the past into a town that has just been settled."""
    with house.database.writing() as db:
        _questionnaire_closed_at_the_lycee(db, house)
        _messages_that_wait(db, house)
    closing.finish(house, datetime.now(UTC))


def _questionnaire_closed_at_the_lycee(db: Session, house: House) -> None:
    lycee, day = establishments.by_uai(db, LYCEE), paris(datetime.now(UTC)).date()
    asked = questionnaires()["school-climate"].without_texts
    by = _someone(db, lycee.id)
    opened = day - timedelta(days=DAYS_OPEN + 4)
    campaign, *_same = [
        opening.open_class(db, house.store, lycee.id, asked, Joining(code, 35), by, opened) for code in _CLASSES
    ]
    items, keys = list(asked.items(lycee.kind)), PublishedKeys.read(campaign.keys)
    key = token_key(house.store, campaign.id, keys.cohorts[0].id)
    for number in range(BALLOTS):
        # What the school signs it does not see, so for the past anything serves; the token is made beside it.
        unseen, answered_in = (
            secrets.token_bytes(SIGNATURE - 1).rjust(SIGNATURE, b"\0"),
            _CLASSES[number % len(_CLASSES)],
        )
        issuing.issue(db, house.store, lycee.id, campaign.id, uuid4(), [answered_in], unseen)
        pool.take(db, lycee.id, campaign.id, _sealed(keys, key, _ballot(items)), datetime.now(UTC), timedelta())
    ended = datetime.now(UTC) - timedelta(days=2)
    closing.end(db, lycee.id, campaign.id, by, ended, ended.date())


def _sealed(keys: PublishedKeys, key: RSAPrivateKey, answers: dict[str, list[str]]) -> bytes:
    """A ballot as a browser sends it."""
    campaign, cohort = keys.campaign_id, keys.cohorts[0].id
    prepared = secrets.token_bytes(32) + MARK + campaign.bytes + cohort.bytes + secrets.token_bytes(32)
    signature = key.sign(prepared, PSS(MGF1(SHA384()), salt_length=48), SHA384())
    bound_to, plain = sha256(prepared).digest(), json.dumps(answers).encode()
    sealed = ballot_seal.seal(ballot_seal.public_key(keys.sealing), campaign, cohort, bound_to, plain)
    return prepared + signature + sealed


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
