"""The templates of answers of a school, which its group writes."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from ent_module.help.model import draft as drafts
from ent_module.help.service import answers
from ent_module.help.service.answers import MOST, Model
from ent_module.help.service.reach import everywhere
from ent_module.help.wording import ending as words
from ent_module.identity.model import Membership, Person
from ent_module.web.house import house
from ent_module.web.pages import render_template

TEXTS = tuple(f"text-{number}" for number in range(MOST))


def models(db: Session, person: Person) -> ResponseReturnValue:
    """All templates of one school on one page: emptying one takes it away."""
    places = everywhere(person)
    if request.method == "GET":
        place = next((one for one in places if one.uai == request.args.get("school")), places[0])
        return _page(db, place, places, answers.of_school(db, place.establishment_id))
    chosen = next((one for one in places if str(one.establishment_id) == request.form.get("place")), None)
    if chosen is None:
        raise BadRequest
    typed = [
        Model(*(drafts.cleaned(request.form.get(f"{part}-{number}", "")) for part in ("name", "text")))
        for number in range(MOST)
    ]
    given = request.form.get("seen", "")
    if wrong := answers.problems(typed):
        errors = {field: [words.model_problem(what)] for field, what in wrong.items()}
        return _page(db, chosen, places, typed, 422, given=given, errors=errors)
    try:
        answers.save(db, house().keys, chosen.establishment_id, typed, given)
    except answers.ChangedMeanwhileError:
        return _page(db, chosen, places, typed, 409, meanwhile=True)
    return redirect(url_for(".models", school=chosen.uai), 303)


def _page(
    db: Session,
    place: Membership,
    places: tuple[Membership, ...],
    shown: list[Model],
    status: int = 200,
    *,
    given: str = "",
    errors: dict[str, list[str]] | None = None,
    meanwhile: bool = False,
) -> ResponseReturnValue:
    return render_template(
        "ent/help/models.html",
        place=place,
        places=places,
        models=[*shown, *[Model("", "")] * (MOST - len(shown))][:MOST],
        seen=given or answers.seen(db, house().keys, place.establishment_id),
        errors=errors or {},
        meanwhile=meanwhile,
        longest=drafts.LONGEST,
        longest_name=answers.LONGEST_NAME,
    ), status
