"""What is kept and until when, and what was erased, of what one may read oneself."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.help.service import retention
from ent_module.identity.model import Person
from ent_module.web.house import house
from ent_module.web.pages import render_template


def kept(db: Session, person: Person) -> ResponseReturnValue:
    """What waits for an outcome, what is held, what goes when, and how many went, month by month."""
    found = retention.kept(db, house().keys, person)
    return render_template(
        "ent/help/kept.html",
        waiting=[one for one in found if one.erased_on is None],
        going=[one for one in found if one.erased_on is not None],
        months=retention.report(db, house().keys, person),
    )
