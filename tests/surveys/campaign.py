"""What the tests of this room share: a campaign at the collège, and ballots of pupils without names.

The voter here is written apart from the module's browser side and from its protocol file: bytes by the protocol's text.
Tokens are signed as the campaign's key would sign blindly; that the blind way gives the same is shown elsewhere, with a
browser (`tests/surveys/client`).
"""

import json
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import load_der_private_key
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ent_module.database import OfEstablishment
from ent_module.surveys import campaigns
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Answers, Joining, Questionnaire, Where, read_answers
from ent_module.surveys.service import cards, closing, issuing, opening, pool
from ent_module.surveys.service.pool import Outcome
from ent_module.surveys.tables import Campaign, CampaignClass, Issuance, SealedBallot, SpentToken
from ent_module.web.house import House
from tests.support.town import COLLEGE, Town

OPENED = date(2026, 9, 14)
DAY = date(2026, 10, 12)
"""The end that is announced for what is opened on OPENED, which is past by now."""
NOON = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
"""Of that last day."""
LATER = timedelta(hours=1)
"""After the end, nothing is on its way any more."""
CLIMATE = "school-climate"
CALM: Answers = {"bullied": ["never"], "safety_school": ["agree"]}
HURT: Answers = {"bullied": ["weekly"], "told": ["friend", "family"]}
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def climate() -> Questionnaire:
    return questionnaires()[CLIMATE]


def start(
    town: Town,
    db: Session,
    *classes: str,
    uai: str = COLLEGE,
    asked: Questionnaire | None = None,
    day: date = OPENED,
    where: Where = Where.SHARED,
) -> Campaign:
    """A campaign that Alba opened for these classes."""
    alba, school, store = town.membership("alba").account_id, town.schools[uai], town.house.store
    joining = [Joining(code, where=where) for code in classes]
    return [opening.open_class(db, store, school, asked or climate(), one, alba, day) for one in joining][-1]


def started(town: Town, *classes: str, uai: str = COLLEGE, where: Where = Where.SHARED) -> Campaign:
    """The same, committed."""
    with town.house.database.writing() as db:
        return start(town, db, *classes, uai=uai, where=where)


def take_token(town: Town, db: Session, campaign: Campaign, class_code: str, account: UUID | None = None) -> None:
    """A pupil's blinded token is signed; of a pupil who has never come before unless an account is given."""
    blinded = secrets.token_bytes(383).rjust(384, b"\0")
    place, mine = campaign.establishment_id, account or uuid4()
    issuing.issue(db, town.house.store, place, campaign.id, mine, [class_code], blinded)


class Housed(Protocol):
    """The town of the tests, or the demo's."""

    @property
    def house(self) -> House:
        """What its installation holds."""
        ...


@dataclass(frozen=True)
class Voter:
    """Someone with a token of a cohort: `body` is what the browser sends."""

    campaign: Campaign
    cohort: UUID
    key: RSAPrivateKey

    @classmethod
    def of(cls, town: Housed, campaign: Campaign, cohort: UUID | None = None) -> "Voter":
        """Of that cohort; of the only one where none is named."""
        if cohort is None:
            (cohort,) = cohorts(campaign)
        key = load_der_private_key(town.house.store.get(campaign.id, f"tokens-{cohort.hex}"), None)
        assert isinstance(key, RSAPrivateKey)
        return cls(campaign, cohort, key)

    def body(self, answers: object, *, prepared: bytes | None = None) -> bytes:
        place = b"ent-ballot/1" + self.campaign.id.bytes + self.cohort.bytes
        prepared = prepared or secrets.token_bytes(32) + place + secrets.token_bytes(32)
        signature = self.key.sign(prepared, PSS(MGF1(SHA384()), salt_length=48), SHA384())
        return prepared + signature + self.sealed(json.dumps(answers).encode(), sha256(prepared).digest())

    def sealed(self, plain: bytes, bound_to: bytes) -> bytes:
        point = json.loads(self.campaign.keys)["seal"]
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), urlsafe_b64decode(point + "=="))
        info = b"ent-seal/1" + self.campaign.id.bytes + self.cohort.bytes + bound_to
        return _SUITE.encrypt((len(plain).to_bytes(2, "big") + plain).ljust(4096, b"\0"), public, info=info)


def cohorts(campaign: Campaign) -> list[UUID]:
    """The ids in its list of keys."""
    return [UUID(one["id"]) for one in json.loads(campaign.keys)["cohorts"]]


def cohort_of(db: Session, campaign: Campaign, class_code: str) -> UUID:
    """The cohort of a class that was asked; of another, as if it had been, the first."""
    mine = (CampaignClass.establishment_id == campaign.establishment_id, CampaignClass.campaign_id == campaign.id)
    return (
        db.scalar(select(CampaignClass.cohort_id).where(*mine, CampaignClass.class_code == class_code))
        or cohorts(campaign)[0]
    )


def send(db: Session, campaign: Campaign, body: bytes, now: datetime = NOON) -> Outcome:
    return pool.take(db, campaign.establishment_id, campaign.id, body, now, timedelta(minutes=15))


def answer(town: Town, db: Session, campaign: Campaign, class_code: str, answers: object) -> Outcome:
    """A pupil who has never come before takes a token and sends a ballot."""
    take_token(town, db, campaign, class_code)
    return send(db, campaign, Voter.of(town, campaign).body(answers))


def fill(town: Housed, campaign: Campaign, ballots: dict[str, list[Answers]]) -> None:
    """The ballots of whole classes, committed. That each has a token is noted, without the signature nobody uses."""
    place = {"establishment_id": campaign.establishment_id, "campaign_id": campaign.id}
    with town.house.database.writing() as db:
        voters = {one: Voter.of(town, campaign, one) for one in cohorts(campaign)}
        for class_code, several in ballots.items():
            voter = voters[cohort_of(db, campaign, class_code)]
            mine = {"cohort_id": voter.cohort, "class_code": class_code}
            for answers in several:
                db.add(Issuance(**place, **mine, id=uuid4(), blinded=secrets.token_bytes(32)))
                assert send(db, campaign, voter.body(answers)) is Outcome.TAKEN


def end(town: Town, campaign: Campaign, now: datetime = NOON) -> datetime:
    """The head ends it, on its last day at the earliest; committed."""
    now = max(now, datetime.combine(campaign.closes_on, NOON.timetz()))
    with town.house.database.writing() as db:
        by = town.membership("head").account_id
        closing.end(db, campaign.establishment_id, campaign.id, by, now, now.date())
    return now


def shut(town: Town, campaign: Campaign) -> None:
    """The head ends it, and an hour later all is counted, destroyed and released."""
    closing.finish(town.house, end(town, campaign) + LATER)


def ballots(town: Town) -> list[Answers]:
    """What the ballots in the pool say, opened as nobody may before the end, and read as they will be counted."""
    found: list[Answers] = []
    with town.house.database.reading() as db:
        for row in db.scalars(select(SealedBallot).execution_options(across=True)):
            campaign = db.get_one(Campaign, (row.establishment_id, row.campaign_id))
            key = load_der_private_key(town.house.store.get(campaign.id, "sealing"), None)
            assert isinstance(key, EllipticCurvePrivateKey)
            bound_to = row.prepared if row.card else sha256(row.prepared).digest()
            info = b"ent-seal/1" + campaign.id.bytes + row.cohort_id.bytes + bound_to
            plain = _SUITE.decrypt(row.sealed, key, info=info)
            said = json.loads(plain[2 : 2 + int.from_bytes(plain[:2], "big")])
            reading = read_answers(campaigns.asked(db, campaign), campaign.level, said)
            assert not reading.problems
            found.append(reading.answers)
    return found


def card(town: Town, campaign: Campaign, class_code: str) -> str:
    """The code of a card for that class."""
    with town.house.database.writing() as db:
        return cards.make(db, town.house.keys, campaign.establishment_id, campaign.id, class_code, 1)[0]


def reread(town: Town, campaign: Campaign) -> Campaign:
    """The campaign as it is now."""
    with town.house.database.reading() as db:
        found = campaigns.campaign_of(db, campaign.establishment_id, campaign.id)
    assert found
    return found


def rows(db: Session, table: type[OfEstablishment | SealedBallot | SpentToken]) -> int:
    """How many rows a table has, in all schools."""
    return db.scalar(select(func.count()).select_from(table).execution_options(across=True)) or 0
