"""The head's side before a campaign opens: drafting it, announcing it, telling families."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person
from ent_module.languages import LANGUAGES
from ent_module.surveys import campaigns, own
from ent_module.surveys.burden import asked_enough
from ent_module.surveys.model import State
from ent_module.surveys.plan import LEVELS_OF, NOTICE, OTHER, ReadPlan, Told, read_notice, read_plan
from ent_module.surveys.results_views import the_campaign
from ent_module.surveys.service import planning, proposing
from ent_module.surveys.service.opening import NotASchoolError
from ent_module.surveys.tables import Campaign, CampaignProposal
from ent_module.web import errors
from ent_module.web.house import house
from ent_module.web.pages import part_in, render_template
from ent_module.web.parts import day


def new(db: Session, person: Person) -> ResponseReturnValue:
    """The form of a new draft; of one that a level above proposed, with what it proposed."""
    typed = {"opens_on": (_today() + NOTICE).isoformat(), "place": "class", "readers": "head"}
    if (proposed := _proposed(db, person)) is not None:
        typed["questionnaire"] = proposed.questionnaire
        typed["opens_on"], typed["closes_on"] = proposed.opens_on.isoformat(), proposed.closes_on.isoformat()
    return _form(db, person, None, typed)


def draft(db: Session, person: Person) -> ResponseReturnValue:
    """Keeps a new draft."""
    read = _read(db, person)
    if read.plan is None:
        return make_response(_form(db, person, None, request.form, read), 422)
    here, proposed = person.here, _proposed(db, person)
    same = proposed is not None and proposed.questionnaire == read.plan.questionnaire
    proposal_id = proposed.id if proposed is not None and same else None
    try:
        made = planning.draft(
            db, here.establishment_id, _drafted(db, person, read), here.account_id, _today(), proposal_id
        )
    except NotASchoolError:
        raise NotFound from None
    return _planned(made.id)


def _proposed(db: Session, person: Person) -> CampaignProposal | None:
    """What the address names among what the school may take over."""
    found = proposing.proposed_to(db, person.here.establishment_id, _today())
    return next((one.proposal for one in found if str(one.proposal.id) == request.args.get("proposal")), None)


def edit(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The form of a draft that is there."""
    one = _draft(db, person, campaign_id)
    listed = [f"{row.class_code} ; {row.enrolled}" for row in campaigns.audience(db, one)]
    typed = {
        "questionnaire": one.questionnaire,
        "opens_on": one.opened_on.isoformat(),
        "closes_on": one.closes_on.isoformat(),
        "place": one.place,
        "readers": one.readers,
        "classes": "\n".join(listed),
    }
    return _form(db, person, one, typed)


def change(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Changes a draft."""
    one, read = _draft(db, person, campaign_id), _read(db, person)
    if read.plan is None:
        return make_response(_form(db, person, one, request.form, read), 422)
    planning.change(db, one.establishment_id, one.id, _drafted(db, person, read))
    return _planned(one.id)


def set_levels(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Corrects the levels that were guessed."""
    one = _draft(db, person, campaign_id)
    rows, known = campaigns.audience(db, one), LEVELS_OF[one.level]
    chosen = {row.class_code: request.form.get(f"level-{place}", "") for place, row in enumerate(rows, 1)}
    planning.set_levels(db, one.establishment_id, one.id, {name: at for name, at in chosen.items() if at in known})
    return _planned(one.id)


def planned(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """A draft with the form that announces it, or what was announced; afterwards there is another page."""
    one = the_campaign(db, person, campaign_id)
    if one.state == State.DRAFT:
        return _draft_page(db, one, {}, {})
    if one.state == State.ANNOUNCED:
        return render_template("ent/surveys/announced.html", **_told(db, one))
    return redirect(url_for("ent_surveys_staff.campaign", campaign_id=one.id), 303)


def announce(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Freezes a draft, makes its keys and shows the families' notice."""
    one, today = the_campaign(db, person, campaign_id), _today()
    if one.state != State.DRAFT:
        return _planned(one.id)
    read = read_notice(request.form, one.opened_on, today, enough=bool(_enough(db, one)))
    if read.notice is None:
        return make_response(_draft_page(db, one, _why(one, read.problems, today), request.form), 422)
    if (asked := own.questionnaires_for(db, one.establishment_id).get(one.questionnaire)) is None:
        raise errors.Refused(
            _("Ce questionnaire n’est pas proposé ici : il attend votre accord, ou ses questions ne sont pas posées.")
        )
    try:
        planning.announce(
            db, house().store, one.establishment_id, one.id, asked, read.notice, person.here.account_id, today
        )
    except planning.TooSoonError:
        raise errors.Refused(_("Le premier jour est passé. Changez les dates du brouillon, puis annoncez.")) from None
    except planning.NotRehearsedError:
        raise errors.Refused(_("Essayez d’abord la phrase et la feuille : à la fin, il serait trop tard.")) from None
    except planning.RunningError:
        raise errors.Refused(
            _("Une autre enquête avec ce questionnaire est annoncée ou ouverte. Elle doit finir avant.")
        ) from None
    return _planned(one.id)


def notice(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """What families are told, in every language, to be printed."""
    one = the_campaign(db, person, campaign_id)
    if one.state == State.DRAFT or not one.listed:
        return _planned(one.id)
    told = {**_told(db, one), "school": person.here.name}
    told["questions"] = sum(1 for _item in campaigns.asked(db, one).items(one.level))
    sheets = [(code, part_in(code, "ent/surveys/_notice.html", **told)) for code in LANGUAGES]
    return render_template("ent/surveys/notice.html", campaign=one, sheets=sheets)


def discard(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Forgets a draft."""
    one = _draft(db, person, campaign_id)
    planning.discard(db, one.establishment_id, one.id, person.here.account_id, _today())
    return redirect(url_for("ent_surveys_staff.campaigns"), 303)


def call_off(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Forgets what was announced."""
    one = the_campaign(db, person, campaign_id)
    try:
        planning.call_off(db, house().store, one.establishment_id, one.id, person.here.account_id, _today())
    except planning.OpenError:
        raise errors.Refused(_("Cette enquête a déjà ouvert. Elle se clôt le dernier jour annoncé.")) from None
    return redirect(url_for("ent_surveys_staff.campaigns"), 303)


def _draft(db: Session, person: Person, campaign_id: UUID) -> Campaign:
    """A draft of the head's school. Raises NotFound, and Refused for what is no draft any more."""
    one = the_campaign(db, person, campaign_id)
    if one.state != State.DRAFT:
        raise errors.Refused(_("Cette enquête est annoncée : elle ne change plus."))
    return one


def _planned(campaign_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("ent_surveys_staff.planned", campaign_id=campaign_id), 303)


def _read(db: Session, person: Person) -> ReadPlan:
    known = own.questionnaires_for(db, person.here.establishment_id)
    return read_plan(request.form, known, person.here.kind, _today())


def _drafted(db: Session, person: Person, read: ReadPlan) -> planning.Drafted:
    if read.plan is None:
        raise LookupError("nothing was planned")
    known = own.questionnaires_for(db, person.here.establishment_id)
    return planning.Drafted(known[read.plan.questionnaire], read.plan)


def _form(
    db: Session, person: Person, one: Campaign | None, typed: Mapping[str, str], read: ReadPlan | None = None
) -> str:
    sentences = {
        "questionnaire": [_("Choisir un questionnaire.")],
        "opens_on": [_("Choisir un premier jour, aujourd’hui ou plus tard.")],
        "closes_on": [_("Choisir un dernier jour, après le premier, dans les huit semaines qui le suivent.")],
        "classes": [_("Écrire une classe par ligne, avec son nombre d’élèves : « 6e B ; 26 ».")],
        "place": [_("Choisir où les classes répondent.")],
        "readers": [_("Choisir qui lit les résultats.")],
    }
    if read and read.lines:
        sentences["classes"] += [_("À corriger, ligne %(lines)s.", lines=", ".join(map(str, read.lines)))]
    return render_template(
        "ent/surveys/plan.html",
        campaign=one,
        asked=own.questionnaires_for(db, person.here.establishment_id).values(),
        typed=typed,
        errors={name: sentences[name] for name in (read.problems if read else ())},
        example=_EXAMPLES.get(person.here.kind, ""),
    )


_EXAMPLES = {"ecole": "CE2 A ; 24", "college": "6e B ; 26", "lycee": "2de 4 ; 34"}


def _why(one: Campaign, problems: tuple[str, ...], today: date) -> dict[str, list[str]]:
    too_soon = _(
        "Les familles le savent dix jours avant. Annoncée aujourd’hui, l’enquête ouvre le %(day)s au plus tôt.",
        day=day(today + NOTICE),
    )
    told_on = _(
        "Écrire le jour où les familles ont été prévenues : le %(day)s au plus tard.",
        day=day(min(one.opened_on - NOTICE, today)),
    )
    told = too_soon if request.form.get("told") == Told.NOTICE else _("Choisir comment les familles sont prévenues.")
    third = _("Dire que vous savez que des classes répondent pour la troisième fois cette année.")
    return {name: [{"told": told, "told_on": told_on, "third": third}[name]] for name in problems}


def _enough(db: Session, one: Campaign) -> list[str]:
    """The classes of a draft that have been asked often enough this year."""
    classes = [row.class_code for row in campaigns.audience(db, one)]
    return asked_enough(db, one.establishment_id, campaigns.asked(db, one), classes, one.school_year, one.id)


def _draft_page(db: Session, one: Campaign, wrong: Mapping[str, list[str]], typed: Mapping[str, str]) -> str:
    return render_template(
        "ent/surveys/draft.html",
        errors=wrong,
        typed=typed,
        levels=LEVELS_OF[one.level],
        other=OTHER,
        earliest=_today() + NOTICE,
        enough=_enough(db, one),
        **_told(db, one),
    )


def _told(db: Session, one: Campaign) -> dict[str, object]:
    audience = campaigns.audience(db, one)
    return {
        "campaign": one,
        "asked": campaigns.asked(db, one),
        "audience": audience,
        "enrolled": sum(row.enrolled or 0 for row in audience),
    }


def _today() -> date:
    return paris(datetime.now(UTC)).date()
