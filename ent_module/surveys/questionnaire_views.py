"""Questionnaires as the local admin has them: taking them along, bringing one in.

A file is read, and what could not be carried over is listed, before anything is kept; a second step keeps it. Between
the two nothing is stored: the page carries the questionnaire, which is checked again when it comes back.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.surveys import own, sensitive
from ent_module.surveys.composing import service as composing
from ent_module.surveys.interchange.building import UNSTATED
from ent_module.surveys.interchange.findings import Effect, Finding, UnreadableError
from ent_module.surveys.interchange.reading import Imported, read_file
from ent_module.surveys.interchange.xlsform_write import write_xlsform
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.parts import Audience
from ent_module.web import errors
from ent_module.web.pages import render_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST_REQUEST = 4 * 1024 * 1024


def make_room() -> None:
    """Lets the form of a file be larger than other forms; far too large a one is refused unread."""
    request.max_content_length = request.max_form_memory_size = _LARGEST_REQUEST
    if (request.content_length or 0) > _LARGEST_REQUEST:
        raise errors.Refused(
            _("Le fichier dépasse 1 Mo. Un questionnaire tient en bien moins : retirez les images."), 413
        )


def listed(db: Session, person: Person) -> ResponseReturnValue:
    """The shelf's questionnaires and the school's own."""
    return _list(db, person, "")


def upload(db: Session, person: Person) -> ResponseReturnValue:
    """Reads a file and shows what would be kept of it. Nothing is kept."""
    _at_a_school(person)
    sent = request.files.get("file")
    try:
        imported = read_file(sent.read() if sent is not None else b"", [person.here.kind])
    except UnreadableError as error:
        return make_response(_list(db, person, _(error.trouble.value)), 422)
    return _page(db, person, imported, imported.data)


def keep(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps what the page before showed."""
    _at_a_school(person)
    data = _data(request.form.get("questionnaire", ""))
    here = person.here
    try:
        own.keep(db, here.establishment_id, data, here.account_id, _today())
    except own.RefusedError:
        return make_response(_page(db, person, Imported(data, ()), data), 422)
    return redirect(url_for(".questionnaires"), 303)


def download(db: Session, person: Person, digest: str) -> ResponseReturnValue:
    """A questionnaire as an XLSForm."""
    asked = _asked(db, person, digest)
    if asked.licence_text:  # a pack is asked as it is: nobody takes a form along to change it
        raise NotFound
    answer = Response(write_xlsform(asked.data), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{asked.id}.xlsx")
    return answer


def remove(db: Session, person: Person, digest: str) -> ResponseReturnValue:
    """Removes one of the school's own that no campaign has asked."""
    _at_a_school(person)
    here = person.here
    try:
        removed = own.remove(db, here.establishment_id, digest, here.account_id, _today())
    except own.UsedError:
        raise errors.Refused(_("Une enquête a posé ce questionnaire : il reste.")) from None
    if not removed:
        raise NotFound
    return redirect(url_for(".questionnaires"), 303)


def _list(db: Session, person: Person, trouble: str) -> str:
    _at_a_school(person)
    place = person.here.establishment_id
    known = own.questionnaires_for(db, place, tuple(Audience))
    return render_template(
        "ent/surveys/questionnaires.html",
        shelf=[one for name, one in known.items() if not name.startswith(own.PREFIX)],
        sensitive=sensitive.are_asked(db, place),
        own=[(Questionnaire.from_data(row.data), row.accord) for row in own.rows(db, place)],
        used=own.used(db, place),
        drafts=composing.rows(db, place),
        level=person.here.kind,
        unstated=UNSTATED,
        errors={"file": [trouble]} if trouble else {},
    )


def _page(db: Session, person: Person, imported: Imported, data: dict[str, Any] | None) -> str:
    """What was read, what was not carried over, and whether it may be kept."""
    checked = own.check(db, person.here.establishment_id, data) if data is not None else None
    good = checked is not None and not checked.faults
    return render_template(
        "ent/surveys/imported.html",
        told=_told(imported.findings),
        checked=checked,
        asked=Questionnaire.from_data(checked.data) if checked is not None and good else None,
        carried=json.dumps(data, ensure_ascii=False, separators=(",", ":")) if good else "",
        level=person.here.kind,
        most=own.MOST,
    )


def _told(findings: tuple[Finding, ...]) -> dict[str, list[tuple[str, str, str]]]:
    """The findings by what became of the thing: where, what, why."""
    told: dict[str, list[tuple[str, str, str]]] = {effect: [] for effect in Effect}
    for one in findings:
        told[one.why.effect].append((one.where, one.what, _(one.why.sentence, detail=one.detail)))
    return told


def _data(text: str) -> dict[str, Any]:
    """The questionnaire that our own page carried. Raises BadRequest for anything that no page of ours sends."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or not isinstance(data.get("id"), str):
            raise BadRequest
    except (ValueError, RecursionError):
        raise BadRequest from None
    return data


def _asked(db: Session, person: Person, digest: str) -> Questionnaire:
    _at_a_school(person)
    found = own.by_digest(db, person.here.establishment_id, digest)
    if found is None:
        raise NotFound
    return found


def _at_a_school(person: Person) -> None:
    """Only schools ask. Raises NotFound."""
    if not person.here.kind.is_school:
        raise NotFound


def _today() -> date:
    return paris(datetime.now(UTC)).date()
