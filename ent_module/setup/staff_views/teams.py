"""The listening group and the local admins: who is in, what is proposed, and the second person's word."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from ent_module.establishments import service as establishments
from ent_module.establishments.model import Kind
from ent_module.help.service import channel, listening
from ent_module.help.wording.lock import moment
from ent_module.identity import following, grants
from ent_module.identity import service as identity
from ent_module.identity.grants import GrantRefusedError, Reason, UnknownSeatError
from ent_module.identity.model import CONFIRMERS, PROPOSERS, Membership, Person, Role, Seat
from ent_module.setup import sentences, service
from ent_module.setup.staff_views import common, devices
from ent_module.web.house import house
from ent_module.web.pages import render_template

TEAMS = {"members": Role.LISTENER, "admins": Role.LOCAL_ADMIN}
_ACTIONS = {
    "confirm": grants.confirm,
    "refuse": grants.refuse,
    "stop": grants.stop,
    "end": grants.propose_end,
    "confirm-end": grants.confirm_end,
    "keep": grants.keep,
}
_STATUS = {Reason.MAY_NOT_PROPOSE: 403, Reason.NOT_AN_ADULT: 422}
RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One place of a group as its page shows it."""

    seat: Seat
    mine: bool
    first: str
    """Who proposed what waits."""
    seconds: list[str]
    """Who may decide on it."""
    may_decide: bool
    may_drop: bool
    may_end: bool
    may_stop: bool
    """Whether it was decided, does not count yet, and this person may still stop it."""
    closes: bool
    """Whether the channel closes when this member goes."""


def members(db: Session, person: Person) -> ResponseReturnValue:
    """The listening group."""
    return _team(db, person, "members")


def admins(db: Session, person: Person) -> ResponseReturnValue:
    """The local admins."""
    return _team(db, person, "admins")


def _team(
    db: Session, person: Person, team: str, *, refused: Reason | None = None, chosen: str = "", status: int = 200
) -> ResponseReturnValue:
    here, role = person.here, TEAMS[team]
    inside = here.has(*CONFIRMERS)
    seats = grants.seats(db, here.establishment_id, role) if inside else []
    may_propose = here.has(*PROPOSERS[role])
    return (
        render_template(
            f"ent/setup/{team}.html",
            team=team,
            lines=[_line(db, here, seat) for seat in seats],
            candidates=service.may_propose_to(db, here.establishment_id, role) if may_propose else [],
            may_propose=may_propose,
            changes=_changes(db, person, role),
            channel=channel.channel_status(db, here.establishment_id),
            elsewhere=_elsewhere(db, person, team),
            is_school=here.kind.is_school,
            **_group_above(db, here.establishment_id),
            inside=inside,
            followed=following.standing(db, here.establishment_id) if inside and team == "members" else None,
            failures=sentences.of_failure,
            moment=moment,
            devices=devices.shown(db, here) if inside and team == "members" else None,
            refused=sentences.of_refusal(refused) if refused else "",
            chosen=chosen,
        ),
        status,
    )


def _elsewhere(db: Session, person: Person, team: str) -> list[tuple[service.Waiting, str]]:
    """What waits for the person on another page than this one, with the endpoint on which it does."""
    pages = {role: name for name, role in TEAMS.items()}
    return [
        (one, f"ent_setup_staff.{pages[one.role]}")
        for one in service.waiting(db, person)
        if one.place != person.here or pages[one.role] != team
    ]


def _group_above(db: Session, establishment_id: UUID) -> dict[str, Any]:
    """The level whose group also reads an école's messages, and who can change that group."""
    place = establishments.get(db, establishment_id)
    if place.kind != Kind.ECOLE or place.parent_id is None:
        return {"above": "", "admins_above": []}
    admins = identity.holders(db, place.parent_id, Role.LOCAL_ADMIN)
    return {"above": establishments.get(db, place.parent_id).name, "admins_above": [one.name for one in admins]}


def _line(db: Session, here: Membership, seat: Seat) -> Line:
    waits = seat.waits or seat.may_end
    first = seat.proposed_by if seat.waits else seat.leave_proposed_by
    may_decide = waits and seat.may_be_decided_by(here)
    return Line(
        seat=seat,
        mine=seat.account_id == here.account_id,
        first=service.name_of(db, here.establishment_id, first) if waits and first else "",
        seconds=grants.possible_seconds(db, here.establishment_id, seat) if waits else [],
        may_decide=may_decide,
        may_drop=waits and not may_decide and here.account_id == (seat.proposed_by if seat.waits else first),
        may_stop=seat.counts_from is not None and here.has(*CONFIRMERS),
        may_end=not waits
        and seat.counts_from is None
        and here.has(*PROPOSERS[seat.role])
        and seat.account_id != here.account_id,
        closes=service.closes_without(db, here.establishment_id, seat),
    )


def _changes(db: Session, person: Person, role: Role) -> list[tuple[str, date, str]]:
    """What changed of late in the groups of which the person is a member: what, when, and in which other school."""
    since = common.today() - RECENT
    inside = (person.here,) if person.here.has(*CONFIRMERS) else ()
    places = {one.establishment_id: one for one in (*inside, *person.where(role))}.values()
    found = [
        (_said(role, seat), seat.until or seat.since or since, place)
        for place in ((one.establishment_id, one.name) for one in places)
        for seat in grants.changes(db, place[0], role, since)
    ]
    if role is Role.LISTENER:
        found += [
            (sentences.of_change(role, name, ended=True), day, (one.establishment_id, one.name))
            for one in dict.fromkeys((*inside, *person.where(role)))
            for name, day in following.left(db, one.establishment_id, since)
        ]
        found += [
            (said, day, (one.establishment_id, one.name))
            for one in dict.fromkeys((*inside, *person.where(role)))
            for said, day in devices.changes(db, one.establishment_id, since)
        ]
        schools = {school: None for place in places for school in service.written_to(db, place).items()}
        found += [
            (sentences.of_switch(one.name, opened=one.opened), one.day, school)
            for school in schools
            for one in service.switched(db, school[0], since)
        ]
    found.sort(key=lambda change: change[1], reverse=True)
    return [(what, day, "" if place == person.here.establishment_id else name) for what, day, (place, name) in found]


def _said(role: Role, seat: Seat) -> str:
    return sentences.of_change(role, seat.name, ended=seat.until is not None, soon=seat.counts_from is not None)


def empty_followed(db: Session, person: Person) -> ResponseReturnValue:
    """Lets the group become empty, as the portal's is."""
    following.confirm_emptying(db, person.here, common.today())
    return redirect(url_for(".members"), 303)


def propose(db: Session, person: Person, team: str) -> ResponseReturnValue:
    """Proposes an adult of the establishment."""
    chosen = request.form.get("account_id", "")
    try:
        account_id = UUID(chosen)
    except ValueError:
        return _team(db, person, team, refused=Reason.NOT_AN_ADULT, status=422)
    try:
        grants.propose(db, person.here, account_id, TEAMS[team], common.today())
        _tell(db, person, team, account_id, "proposed")
    except GrantRefusedError as refusal:
        return _refusal(db, person, team, refusal.reason, chosen)
    return redirect(url_for(f".{team}"), 303)


def act(db: Session, person: Person, team: str, seat_id: UUID, action: str) -> ResponseReturnValue:
    """One step on a place: to confirm, to refuse, to propose its end, to confirm that, to keep it."""
    if action not in _ACTIONS:
        raise BadRequest
    try:
        _ACTIONS[action](db, person.here, TEAMS[team], seat_id, common.today())
        _tell(db, person, team, seat_id, action)
    except UnknownSeatError:
        raise NotFound from None
    except GrantRefusedError as refusal:
        return _refusal(db, person, team, refusal.reason)
    return redirect(url_for(f".{team}"), 303)


def _tell(db: Session, person: Person, team: str, what: UUID, action: str) -> None:
    """Members of the listening group and the level above learn by a neutral mail that something has changed."""
    if team == "members":
        mark = what.bytes + action.encode()
        listening.tell_group(db, house().keys, person.here.establishment_id, mark, datetime.now(UTC))


def _refusal(db: Session, person: Person, team: str, reason: Reason, chosen: str = "") -> ResponseReturnValue:
    return _team(db, person, team, refused=reason, chosen=chosen, status=_STATUS.get(reason, 409))


def leave(db: Session, person: Person, team: str) -> ResponseReturnValue:
    """Leaving a group oneself: first what happens then, and the button; at once when it is pressed."""
    here, role = person.here, TEAMS[team]
    if not here.has(role):
        raise Forbidden
    if request.method == "POST":
        grants.leave(db, here, role, common.today())
        _tell(db, person, team, here.account_id, "left")
        return redirect(url_for("ent_home.home"), 303)
    mine = next(seat for seat in grants.seats(db, here.establishment_id, role) if seat.account_id == here.account_id)
    return render_template(
        "ent/setup/leave.html", team=team, closes=service.closes_without(db, here.establishment_id, mine)
    )
