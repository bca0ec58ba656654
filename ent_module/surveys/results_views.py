"""Pages of a closed campaign, all made of released cells and nothing else: what a head reads, prints and takes away,
and what a class talks about."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.database import utc
from ent_module.establishments.calendar import paris
from ent_module.identity.model import Person, Profile, Role
from ent_module.languages import LANGUAGES
from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys import campaigns, export, pdf, waves
from ent_module.surveys.comparison import Change
from ent_module.surveys.guides import guide_of
from ent_module.surveys.model import State
from ent_module.surveys.naming import named
from ent_module.surveys.parts import Audience
from ent_module.surveys.plan import Readers
from ent_module.surveys.release import WHOLE, Release, of_level
from ent_module.surveys.results import Silence, by_level, for_class, results
from ent_module.surveys.service import record
from ent_module.surveys.service.closing import PATIENCE
from ent_module.surveys.tables import Campaign, Closing
from ent_module.web.doors import follow
from ent_module.web.house import house
from ent_module.web.markdown import render
from ent_module.web.pages import part, part_in, render_template

SHEET = "sheet:recevoir-une-confidence"
"""What an adult reads before a class talks."""


def the_campaign(db: Session, person: Person, campaign_id: UUID) -> Campaign:
    """A campaign of the school where the person works; others do not exist."""
    found = campaigns.campaign_of(db, person.here.establishment_id, campaign_id)
    if found is None:
        raise NotFound
    return found


def _readable(db: Session, person: Person, campaign_id: UUID) -> Campaign:
    """A campaign of which the person may read: a head all, other adults results that the head has given them too."""
    one = the_campaign(db, person, campaign_id)
    if not person.here.has(Role.HEAD) and (one.readers != Readers.ADULTS or one.state != State.RELEASED):
        raise NotFound
    return one


def shared(db: Session, person: Person) -> ResponseReturnValue:
    """The results that all who work at the school may read."""
    found = [(one, campaigns.asked(db, one).title) for one in campaigns.shared(db, person.here.establishment_id)]
    return render_template("ent/surveys/shared.html", found=found)


def campaign(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Participation while it is open; afterwards the results, or why there are none, or none yet.

    Released numbers never change: what is made of them is kept. It holds links, which depend on who reads.
    """
    here = person.here
    before = waves.shown(db, here.establishment_id, campaign_id, shared=not here.has(Role.HEAD))
    if before is not None:
        body = part(
            "ent/surveys/results.html",
            (here.establishment_id, campaign_id, before, _compared_with(before), person.profile, here.roles),
            lambda: _told(db, person, the_campaign(db, person, campaign_id)),
        )
        return render_template("ent/surveys/results_page.html", body=body)
    one = _readable(db, person, campaign_id)
    if one.state in {State.DRAFT, State.ANNOUNCED}:
        return redirect(url_for("ent_surveys_staff.planned", campaign_id=one.id), 303)
    closing = campaigns.closing_of(db, one.establishment_id, one.id)
    shown = "not_shown" if closing is not None else "running" if one.state == State.OPEN else "counting"
    told = {"campaign": one, "asked": campaigns.asked(db, one)}
    may_remind = shown == "running" and person.here.has(Role.HEAD)
    return render_template(
        f"ent/surveys/{shown}.html",
        **told,
        reminders=[(code, part_in(code, "ent/surveys/_reminder.html", **told)) for code in LANGUAGES if may_remind],
        standing=campaigns.standing(db, one),
        named=named,
        floor=FLOOR,
        leads_it=person.here.has(Role.HEAD),
        ready=_ready(one),
        waits_until=one.ended_at and paris(utc(one.ended_at) + PATIENCE).date(),
        may_unlock=one.ended_at and utc(one.ended_at) + _grace() <= datetime.now(UTC),
        today=paris(datetime.now(UTC)).date(),
        waiting=[row.class_code for row in campaigns.audience(db, one) if row.place is None],
    )


def _ready(campaign: Campaign) -> time:
    """When the ballots of an ended campaign may be counted."""
    ended = datetime.now(UTC) if campaign.ended_at is None else utc(campaign.ended_at)
    return paris(ended + _grace()).time()


def _grace() -> timedelta:
    return timedelta(minutes=house().settings.grace_minutes)


def report(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """One or two pages for the school's council, to be printed: no place."""
    return _report(db, person, campaign_id)


def report_pdf(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The same as a PDF file, where the extra `pdf` is installed."""
    if not pdf.is_installed():
        raise NotFound
    return _download(pdf.made_of(_report(db, person, campaign_id)), "application/pdf", f"{campaign_id}.pdf")


def discuss(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """Three numbers and questions, in the words of a class."""
    one, _closing = _released(the_campaign(db, person, campaign_id), db)
    asked = campaigns.told(db, one)
    if asked.audience is not Audience.PUPILS:
        raise NotFound
    guide = guide_of(asked)
    return render_template(
        "ent/surveys/discuss.html",
        campaign=one,
        asked=asked,
        tenths=for_class(campaigns.cells(db, one), asked, one.level, guide),
        talk=guide.talk.get(one.level, ()),
        sheet=follow(db, person)(SHEET),
    )


def numbers(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The released numbers, to take away."""
    one, closing = _released(the_campaign(db, person, campaign_id), db)
    asked = campaigns.told(db, one)
    taken = campaigns.in_steps(closing.taken or 0)
    about = export.About(one.opened_on, one.number, closing.closed_on, taken, closing.classes, record.numbered(closing))
    data = export.package(campaigns.all_cells(db, one), asked, one.level, guide_of(asked), about)
    return _download(data, "application/zip", f"{about.name(asked)}.zip")


def beside(db: Session, person: Person, campaign_id: UUID) -> ResponseReturnValue:
    """The school's numbers beside those of the other schools that followed the same proposal."""
    one, _closing = _released(the_campaign(db, person, campaign_id), db)
    if one.proposal_id is None:
        raise NotFound
    return render_template(
        "ent/surveys/beside.html",
        campaign=one,
        asked=campaigns.told(db, one),
        beside=waves.beside_territory(db, one),
        changes=Change,
        percent=_percent,
    )


def _report(db: Session, person: Person, campaign_id: UUID) -> str:
    one, _closing = _released(_readable(db, person, campaign_id), db)
    return render_template("ent/surveys/report.html", pdf=pdf.is_installed(), **_told(db, person, one))


def _released(one: Campaign, db: Session) -> tuple[Campaign, Closing]:
    """A campaign that has results to read, and how it ended."""
    closing = campaigns.closing_of(db, one.establishment_id, one.id)
    if closing is None or closing.release != Release.SHOWN:
        raise NotFound
    return one, closing


def _told(db: Session, person: Person, one: Campaign) -> dict[str, Any]:
    """What the results page and the report are made of."""
    asked, leads_it = campaigns.told(db, one), person.here.has(Role.HEAD)
    before = waves.earlier(db, one, shared=not leads_it)
    cells, cohorts = campaigns.all_cells(db, one), campaigns.cohorts_of(one)
    told = results(of_level(cells, WHOLE), asked, one.level, guide_of(asked))
    wanted = _compared_with([wave.id for wave in before])
    chosen = next((wave for wave in before if wave.id == wanted), None)
    leads, standing = follow(db, person), campaigns.standing(db, one)
    return {
        "campaign": one,
        "asked": asked,
        "leads_it": leads_it,
        "may_discuss": leads_it or person.profile is Profile.TEACHER,
        "standing": standing,
        "release": standing.closing and record.numbered(standing.closing),
        "floor": FLOOR,
        "results": told,
        "levels": by_level(cells, asked, one.level, [cohort.levels for cohort in cohorts]),
        "cohorts": cohorts,
        "named": named,
        "silences": Silence,
        "changes": Change,
        "percent": _percent,
        "before": chosen,
        "waves": before,
        "compared": waves.compared(db, one, chosen, len(before)) if chosen else (),
        "writes": bool(campaigns.asked(db, one).texts),
        "suggested": lambda text: render(text, leads),
    }


def _compared_with(before: Sequence[UUID]) -> UUID | None:
    """The earlier wave that the address names, else the newest."""
    return next((one for one in before if str(one) == request.args.get("with")), next(iter(before), None))


def _percent(share: int) -> str:
    """A whole per cent in the reader's language."""
    return str(format_percent(share / 100))


def _download(data: bytes, mimetype: str, name: str) -> Response:
    """A file to keep, under a name that says nothing of whose it is."""
    answer = make_response(data)
    answer.mimetype = mimetype
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
