"""Appointments at the desk: proposed, called off, and as a file for the adult's own calendar.

An appointment is a sealed note, and a message too where the writer has a thread. It tells when and where, never why.
"""

from datetime import UTC, datetime
from uuid import UUID

import icalendar
from sqlalchemy.orm import Session

from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.help.model import meeting as meetings
from ent_module.help.model.meeting import Booked, Break, Meeting, Wrong
from ent_module.help.model.moves import Direction, Refusal
from ent_module.help.sealing import Place
from ent_module.help.service import desk, opened, store
from ent_module.help.service.desk import Held, Readable
from ent_module.help.service.doing import Context, MoveRefusedError, hold, keep_note
from ent_module.help.service.header import Header
from ent_module.identity.model import Person
from ent_module.privacy import audit
from ent_module.web.house import Keys


class MeetingProblemError(Exception):
    """It cannot be proposed so; what was typed must be shown again."""

    def __init__(self, wrong: dict[str, Wrong]) -> None:
        super().__init__(", ".join(wrong))
        self.wrong = wrong


def breaks(db: Session, establishment_id: UUID) -> list[Break]:
    """The school's breaks (setting `breaks`); empty where nobody has entered them."""
    return meetings.breaks_from(establishments.published(db, establishment_id, "breaks"))


def meet(context: Context) -> bool:
    """Proposes an appointment, in the place of an earlier one. Whoever does has the conversation: two adults never call
    the same pupil.
    """
    school = context.place.establishment_id
    calendar = establishments.calendar(context.db, school)
    found = meetings.proposed(context.act.more, calendar, breaks(context.db, school), context.now)
    if not isinstance(found, Meeting):
        raise MeetingProblemError(found)
    return _said(context, found.as_values())


def call_off(context: Context) -> bool:
    """Calls the appointment off."""
    if booked_of(context.db, Readable(context.row, context.key, context.header)) is None:
        raise MoveRefusedError(Refusal.STATE)
    return _said(context, {})


def _said(context: Context, values: dict[str, str]) -> bool:
    if not keep_note(context, **values):
        return False
    if context.header.answer.has_code:
        value = {**context.signed(on=context.act.name), **values}
        digest = context.digest()
        store.add_message(context.db, context.key.thread, Direction.OUT, value, digest, context.me.account_id)
    hold(context, context.me)
    return True


def booked_of(db: Session, one: Readable) -> Booked | None:
    """The appointment that counts in a conversation."""
    notes = opened.notes_of(db, one)
    if not any(note.on == meetings.MEET for note in notes):
        return None
    return meetings.current(notes, opened.messages_of(db, one))


# --- What leaves the desk ---------------------------------------------------------------------------------------------


def taken_out(
    db: Session, keys: Keys, person: Person, conversation_id: UUID, now: datetime
) -> tuple[Held, Header | None, Booked]:
    """The appointment, to be printed or kept in a calendar: an audit line says by whom. Raises NothingToOpenError, and
    LookupError where there is no appointment.
    """
    found = desk.held(db, keys, person, conversation_id, lock=True)
    header = desk.header_of(found.key, found.row)
    booked = booked_of(db, Readable(found.row, found.key, header))
    if booked is None:
        raise LookupError(conversation_id)
    day = paris(now).date()
    audit.note(db, found.row.establishment_id, found.me.account_id, "message.appointment", found.row.id, day)
    db.flush()
    return found, header, booked


def as_calendar(keys: Keys, place: Place, booked: Booked, title: str, where: str, now: datetime) -> bytes:
    """A file for a calendar (RFC 5545): when and where, under a title that is the same for all. No name, no reason, no
    link; what it is known by leads to nothing without the host's key, and is the same when it has moved.
    """
    event = icalendar.Event()
    known_by = keys.derive("help.calendar", place.establishment_id.bytes, place.conversation_id.bytes, length=16)
    event.add("uid", known_by.hex())
    event.add("dtstamp", now)
    event.add("sequence", booked.turn)
    event.add("summary", title)
    event.add("location", where)
    event.add("dtstart", booked.meeting.begins.astimezone(UTC))
    event.add("dtend", (booked.meeting.begins + meetings.LASTS).astimezone(UTC))
    event.add("class", "PRIVATE")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//-//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
