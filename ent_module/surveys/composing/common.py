"""What the editor's views share."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.surveys.composing import service
from ent_module.surveys.composing.draft import Draft

Values = Mapping[str, str]
"""What the fields of a form hold."""


def today() -> date:
    """The day as the schools have it."""
    return paris(datetime.now(UTC)).date()


def school(person: Person) -> UUID:
    """The school where one works: only schools ask. Raises NotFound."""
    if not person.here.kind.is_school:
        raise NotFound
    return person.here.establishment_id


def load(db: Session, person: Person, draft_id: UUID) -> Draft:
    """A draft of the school, held where it is to be changed. Raises NotFound."""
    read = service.hold if request.method == "POST" else service.load
    try:
        return read(db, school(person), draft_id)
    except LookupError:
        raise NotFound from None


def save(db: Session, person: Person, draft_id: UUID, draft: Draft, at: str | None = None) -> ResponseReturnValue:
    """Keeps a changed draft and goes back to it, to the place where it changed."""
    service.save(db, person.here.establishment_id, draft_id, draft, today())
    return redirect(url_for(".draft", draft_id=draft_id, _anchor=at), 303)


def fields(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """A text in every language as the fields of a form."""
    return {f"{name}-{language}": text for language, text in texts.items()}
