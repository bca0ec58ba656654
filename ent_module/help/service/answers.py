"""A school's templates of answers: the group writes them, and puts one into an answer where it fits."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.help.model.draft import LONGEST
from ent_module.web.house import Keys

SETTING = "answers"
MOST = 8
LONGEST_NAME = 80


class ChangedMeanwhileError(Exception):
    """A colleague has changed them since the page was made."""


@dataclass(frozen=True)
class Model:
    """One template."""

    name: str
    text: str


def of_school(db: Session, establishment_id: UUID) -> list[Model]:
    """The school's templates, else those of the nearest level above."""
    given: list[dict[str, Any]] = establishments.published(db, establishment_id, SETTING, [])
    return [Model(str(one["name"]), str(one["text"])) for one in given]


def named(db: Session, establishment_id: UUID, name: str) -> Model | None:
    """The template of that name."""
    return next((one for one in of_school(db, establishment_id) if one.name == name), None)


def problems(models: Sequence[Model]) -> dict[str, str]:
    """What is wrong with the templates as they were typed, by field: `missing`, `long` or `twice`."""
    found: dict[str, str] = {}
    for number, one in enumerate(models):
        if not one.name and one.text:
            found[f"name-{number}"] = "missing"
        elif one.name and not one.text:
            found[f"text-{number}"] = "missing"
        elif len(one.text) > LONGEST:
            found[f"text-{number}"] = "long"
        elif len(one.name) > LONGEST_NAME:
            found[f"name-{number}"] = "long"
        elif one.name and one.name in {other.name for other in models[:number]}:
            found[f"name-{number}"] = "twice"
    return found


def seen(db: Session, keys: Keys, establishment_id: UUID) -> str:
    """A sign of the templates as they are, by which a form says what it was made from."""
    plain = json.dumps([asdict(one) for one in of_school(db, establishment_id)], ensure_ascii=False)
    return hmac.digest(keys.derive("help.answers", establishment_id.bytes), plain.encode(), sha256).hex()


def save(db: Session, keys: Keys, establishment_id: UUID, models: Sequence[Model], given: str) -> None:
    """Keeps the templates, without empty ones. Raises ChangedMeanwhileError."""
    establishments.hold(db, establishment_id)
    if not hmac.compare_digest(given.encode(), seen(db, keys, establishment_id).encode()):
        raise ChangedMeanwhileError
    establishments.draft(db, establishment_id, SETTING, [asdict(one) for one in models if one.name])
    establishments.publish(db, establishment_id, SETTING)
