"""A school's own rhythm: the hours of mails, how long sorting may take, its rota; and the mailbox of a level above."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.help.model import meeting, notices
from ent_module.help.model.retention import MONTHS
from ent_module.help.service import adults, crip, listening, retention
from ent_module.identity.model import Membership
from ent_module.privacy import audit

LONGEST_ROTA = timedelta(days=366)


@dataclass(frozen=True)
class Typed:
    """What stands in the fields."""

    morning: str
    evening: str
    triage: str
    rota: tuple[str, ...]
    until: str
    mailbox: str
    breaks: str = ""
    crip: Mapping[str, str] = field(default_factory=dict)
    months: str = ""
    """How long what is closed is kept."""


def shown(db: Session, establishment_id: UUID) -> Typed:
    """What counts now."""
    morning, evening = hours(db, establishment_id)
    rota: Mapping[str, Any] = establishments.own(db, establishment_id, "rota") or {}
    return Typed(
        morning.isoformat("minutes"),
        evening.isoformat("minutes"),
        str(establishments.published(db, establishment_id, "triage_days", notices.TRIAGE_DAYS[0])),
        tuple(rota.get("accounts", ())),
        str(rota.get("until", "")),
        str(establishments.own(db, establishment_id, "mailbox") or ""),
        meeting.written_breaks(establishments.published(db, establishment_id, "breaks")),
        asdict(known) if (known := crip.typed_here(db, establishment_id)) else {},
        str(retention.months(db, establishment_id)),
    )


def hours(db: Session, establishment_id: UUID) -> tuple[time, time]:
    """The two fixed hours."""
    found = notices.Hours.from_setting(establishments.published(db, establishment_id, "notice_hours"))
    return found.morning, found.evening


def named_until(db: Session, establishment_id: UUID, account_id: UUID, today: date) -> date | None:
    """Until when the school's rota names that listener; None where it does not."""
    rota: Mapping[str, Any] = establishments.own(db, establishment_id, "rota") or {}
    until = date.fromisoformat(rota["until"]) if rota.get("until") else today - timedelta(days=1)
    return until if str(account_id) in rota.get("accounts", ()) and until >= today else None


def agreed(db: Session, establishment_id: UUID) -> set[str]:
    """Who has agreed to the rota, by account. Nobody else is told at night, whomever it names."""
    return {str(account) for account, row in listening.rows(db, establishment_id).items() if row.on_call}


def keep(db: Session, by: Membership, typed: Typed, today: date) -> list[str]:
    """Keeps what was typed, all of it or nothing. Returns the fields that cannot be kept."""
    place = by.establishment_id
    group = {str(one.account_id) for one in adults.all_listeners(db, place)}
    until, breaks = _day(typed.until), meeting.typed_breaks(typed.breaks)
    wrong = {
        "morning": typed.morning not in {one.isoformat("minutes") for one in notices.MORNINGS},
        "evening": typed.evening not in {one.isoformat("minutes") for one in notices.EVENINGS},
        "triage": typed.triage not in map(str, notices.TRIAGE_DAYS),
        "months": typed.months not in map(str, MONTHS),
        "rota": not set(typed.rota) <= group,
        "until": bool(typed.rota) and (until is None or not today <= until <= today + LONGEST_ROTA),
        "mailbox": bool(typed.mailbox) and (by.kind.is_school or notices.address(typed.mailbox) is None),
        "breaks": breaks is None,
    }
    problems = [name for name, found in wrong.items() if found]
    try:
        contact = crip.contact(typed.crip)
    except ValueError as field_of_it:
        return [*problems, f"crip_{field_of_it}"]
    if problems:
        return problems
    rota = {"accounts": sorted(typed.rota), "until": until.isoformat()} if typed.rota and until else {}
    values: dict[str, Any] = {
        "notice_hours": {"morning": typed.morning, "evening": typed.evening},
        "triage_days": int(typed.triage),
        "rota": rota,
        "mailbox": typed.mailbox,
        "breaks": breaks,
        crip.SETTING: asdict(contact) if contact else {},
        retention.SETTING: int(typed.months),
    }
    for name, value in values.items():
        if establishments.own(db, place, name) != value:
            establishments.draft(db, place, name, value)
            establishments.publish(db, place, name)
            audit.note(db, place, by.account_id, f"settings.{name}.published", None, today)
    return []


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
