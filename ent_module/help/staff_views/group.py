"""The page on which a head sees that something waits."""

from datetime import UTC, datetime

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ent_module.help.service import heads
from ent_module.help.wording import group as words
from ent_module.identity.model import Person
from ent_module.web.house import house
from ent_module.web.pages import render_template


def situation(db: Session, person: Person) -> ResponseReturnValue:
    """What a head is told. No name of the group: it may be the adult whom the writer leaves out."""
    found = heads.situation(db, house().keys, person.here, datetime.now(UTC))
    return render_template("ent/help/situation.html", sentence=words.situation(found), kind=found.value)
