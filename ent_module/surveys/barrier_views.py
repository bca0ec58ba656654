"""Where a teacher lets a class answer once all have opened, and lets it open again for whoever comes late."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.surveys.service import barrier, issuing
from ent_module.surveys.staff_views import own_class
from ent_module.web import errors


def begin(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """All of a class of the person's have opened: they answer, and nobody else opens."""
    here, class_code, now = person.here, own_class(person), datetime.now(UTC)
    with _refused():
        barrier.begin(db, here.establishment_id, campaign_id, class_code, here.account_id, now, paris(now).date())
    return redirect(url_for("ent_surveys_staff.classes"), 303)


def let_in(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Somebody of a class of the person's comes late: it opens again. Whoever answers goes on."""
    here, class_code, today = person.here, own_class(person), paris(datetime.now(UTC)).date()
    with _refused():
        barrier.let_in(db, here.establishment_id, campaign_id, class_code, here.account_id, today)
    return redirect(url_for("ent_surveys_staff.classes"), 303)


def _refused() -> AbstractContextManager[None]:
    """Says why a class cannot begin: it does not answer in class, or the campaign is not open."""
    return errors.refused({issuing.EndedError: _("L’enquête n’est pas ouverte : la classe ne peut pas répondre.")})
