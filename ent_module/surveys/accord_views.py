"""The head's page on one questionnaire of the school's own: every word of it, the topics of its questions, and whether
it may be asked."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from ent_module.establishments.calendar import paris
from ent_module.establishments.model import Kind
from ent_module.identity.model import Person
from ent_module.languages import LANGUAGES
from ent_module.surveys import own
from ent_module.surveys.accord import Accord, Tick
from ent_module.surveys.model import Questionnaire
from ent_module.surveys.own_words import is_as_in_bank
from ent_module.surveys.parts import Topic
from ent_module.surveys.tables import OwnQuestionnaire
from ent_module.web import errors
from ent_module.web.pages import render_template

NO_TOPIC = "none"


def accord(db: Session, person: Person, digest: str) -> ResponseReturnValue:
    """The questionnaire word for word, and what was said of it."""
    return _page(person, _row(db, person, digest), digest, {})


def decide(db: Session, person: Person, digest: str) -> ResponseReturnValue:
    """Accepts exactly that version, or refuses it."""
    row, said, here = _row(db, person, digest), request.form.get("said"), person.here
    if said not in {"accept", "refuse"}:
        raise BadRequest
    today = paris(datetime.now(UTC)).date()
    if said == "refuse":
        own.refuse(db, here.establishment_id, digest, here.account_id, today)
        return redirect(url_for(".to_read"), 303)
    if not set(Tick) <= set(request.form.getlist("ticked")):
        wrong = {"ticked": [_("Cocher les deux, une fois que chacune est vraie.")]}
        return make_response(_page(person, row, digest, wrong), 422)
    try:
        own.accept(db, here.establishment_id, digest, _topics(row), here.account_id, today)
    except own.RefusedError:
        raise errors.Refused(
            _("Une question dépend d’une autre, et ces sujets ne vont pas ensemble. Refusez ce questionnaire.")
        ) from None
    return redirect(url_for(".to_read"), 303)


def _row(db: Session, person: Person, digest: str) -> OwnQuestionnaire:
    """The version of that digest, on which there is something to say. Raises NotFound, and Refused for an older one."""
    row = own.own_of(db, person.here.establishment_id, digest)
    if row is not None and row.accord != Accord.NONE:
        return row
    if request.method == "POST":
        raise errors.Refused(_("Ce questionnaire n’est plus celui que vous avez lu. Relisez-le avant de décider."), 404)
    raise NotFound


def _topics(row: OwnQuestionnaire) -> dict[str, str]:
    """What was chosen for the questions in the school's own words; nothing for a word that no page of ours sends."""
    chosen = {item["id"]: request.form.get(f"topic-{item['id']}", "") for item in _own_items(row)}
    known: dict[str, str] = {NO_TOPIC: "", **{str(topic): str(topic) for topic in Topic}}
    return {name: known[topic] for name, topic in chosen.items() if topic in known}


def _own_items(row: OwnQuestionnaire) -> list[Mapping[str, str]]:
    items = [item for section in row.data["sections"] for item in section["items"]]
    return [item for item in items if not is_as_in_bank(item, row.data)]


def _page(person: Person, row: OwnQuestionnaire, digest: str, wrong: dict[str, list[str]]) -> str:
    level = person.here.kind
    own_items = _own_items(row)
    marked = {str(item["id"]): item.get("sensitive", NO_TOPIC) for item in own_items}
    return render_template(
        "ent/surveys/accord.html",
        asked=Questionnaire.from_data(row.data),
        digest=digest,
        accord=row.accord,
        level=level,
        topics=[topic for topic in Topic if level != Kind.ECOLE or topic != Topic.SEXUALITY],
        chosen={name: request.form.get(f"topic-{name}", topic) for name, topic in marked.items()},
        no_topic=NO_TOPIC,
        ticked=request.form.getlist("ticked"),
        codes=LANGUAGES,
        errors=wrong,
    )
