"""A conversation word for word, to be taken where the law says: printed from the browser, or as a PDF file."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments.calendar import paris
from ent_module.help.service import crip, opened
from ent_module.help.service.store import NothingToOpenError
from ent_module.help.wording import ending, exchange, group
from ent_module.help.wording.writer import account
from ent_module.identity.model import Person
from ent_module.surveys import pdf
from ent_module.web.house import house
from ent_module.web.pages import render_template


def export(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """The page to be printed. By a form, since it leaves an audit line; nothing is sent to anybody. With `own`, for a
    parent's or a judge's request (docs/access.md): what the writer wrote, and no one else's words.
    """
    return _page(db, person, conversation_id)


def export_pdf(db: Session, person: Person, conversation_id: UUID) -> ResponseReturnValue:
    """The same as a PDF file, where the extra `pdf` is installed."""
    if not pdf.is_installed():
        raise NotFound
    answer: Response = make_response(pdf.made_of(_page(db, person, conversation_id)))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{conversation_id}.pdf"'
    return answer


def _page(db: Session, person: Person, conversation_id: UUID) -> str:
    now = datetime.now(UTC)
    try:
        found = opened.export(db, house().keys, person, conversation_id, now)
    except NothingToOpenError:
        raise NotFound from None
    return render_template(
        "ent/help/export.html",
        one=found,
        words=group,
        ending=ending,
        exchange=exchange,
        account=account,
        crip=crip.of(db, found.school_id),
        printed_on=paris(now).date(),
        by=person.name,
        own=request.form.get("own") == "yes",
    )
