"""Surveys: what pupils are asked, what their teachers see, what a head closes and reads."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Custody, State
from ent_module.surveys.tables import Campaign
from tests.support.life import today
from tests.support.town import ECOLE, OTHER
from tests.support.walks.steps import NONE, Stage, Step, Walk, clicks, forges, presses, sees, sends
from tests.surveys.campaign import CALM, CLIMATE, HURT, end, fill, shut, start, started
from tests.surveys.planned import opened_for_adults
from tests.surveys.shared import entrusted

HERE = {"class_code": "5e A", "questionnaire": CLIMATE, "pupils": "24", "told": "yes", "place": "shared"}
OPEN = "/staff/surveys/open"
NEW = "/staff/surveys/campaigns/new?questionnaire=staff-climate"
PLAN = {name: (today() + timedelta(days=ahead)).isoformat() for name, ahead in (("opens_on", 12), ("closes_on", 20))}
SENSITIVE = "/staff/surveys/questionnaires/sensitive"
TEXTS = "/staff/surveys/questionnaires/texts"
LAST_YEAR, TWO_YEARS_AGO = date(2025, 11, 13), date(2024, 11, 14)
BEGIN, SEND = "[data-begin]", "form#questions .last-step button:first-child"
NEXT = "form#questions > .buttons:last-child button:last-child"


def the_ecole_asks_too(stage: Stage) -> None:
    """A questionnaire is open for Noé's class."""
    started(stage.town, "CE2", uai=ECOLE)


def adults_are_asked(stage: Stage) -> None:
    """What the head has announced to staff opens today, and one for parents."""
    with stage.town.house.database.writing() as db:
        db.execute(
            update(Campaign).where(Campaign.questionnaire == "staff-climate").values(opened_on=today()),
            execution_options={"across": True},
        )
    opened_for_adults(stage.town, "parents-climate", opens_on=today(), closes_on=today() + timedelta(days=9))


def last_years_is_still_open(stage: Stage) -> None:
    """Two questionnaires wait for Lina's class."""
    with stage.town.house.database.writing() as db:
        start(stage.town, db, "6e B", day=LAST_YEAR)


def the_other_college_answered_two_years_ago(stage: Stage) -> None:
    """Enough pupils of two classes, to be compared with."""
    with stage.town.house.database.writing() as db:
        before = start(stage.town, db, "6e A", "5e C", uai=OTHER, day=TWO_YEARS_AGO)
    fill(stage.town, before, {"6e A": [CALM] * 20, "5e C": [HURT] * 25})
    shut(stage.town, before)


def the_other_college_has_answered(stage: Stage) -> None:
    """This year two classes of the other collège, a year ago one alone; both campaigns are closed."""
    with stage.town.house.database.writing() as db:
        alone = start(stage.town, db, "6e A", uai=OTHER, day=LAST_YEAR)
    together = started(stage.town, "6e A", "5e C", uai=OTHER)
    fill(stage.town, alone, {"6e A": [CALM] * 30})
    fill(stage.town, together, {"6e A": [CALM] * 25, "5e C": [CALM] * 14 + [HURT] * 8})
    shut(stage.town, alone)
    shut(stage.town, together)


PUPILS: tuple[Step, ...] = (
    sees("tom", "/surveys", "surveys/surveys"),
    sees("tom", "/surveys/{closed}", "surveys/after", 410),
    sees("lina", "/surveys", "surveys/surveys", before=last_years_is_still_open),
    sees("lina", "/surveys/{campaign}/questions", "surveys/questions"),
    presses("lina", "surveys/questions", BEGIN),  # not yet
    sends("alba", "/staff/surveys", "surveys/classes", {}, having="/begin"),
    sees("lina", "/surveys/{campaign}/questions", "surveys/questions"),
    presses("lina", "surveys/questions", BEGIN),
    presses("lina", "surveys/questions", SEND),
    sees("sami", "/surveys/{campaign}/questions", "surveys/questions"),  # too late
    sends("alba", "/staff/surveys", "surveys/classes", {}, having="/let-in"),
    sees("lina", "/surveys/{campaign}/after", "surveys/after"),
    sends("sami", "-ballots/card", "surveys/card", {"code": "ABCD"}, 422, having="code"),
    *(sees(who, "/surveys/secret", "surveys/secret") for who in ("lina", "noe", "karim")),
    # One question a screen
    sees("noe", "/surveys", "surveys/before", before=the_ecole_asks_too),
)

TEACHERS: tuple[Step, ...] = (
    sends("alba", OPEN, "surveys/prepare", {}, 422, having="class_code"),
    sends("alba", "", "surveys/prepare", {"pupils": "900", "told": NONE}, 422, having="class_code"),
    sends("alba", "", "surveys/classes", HERE, having="told"),
    sends("alba", "/staff/surveys", "surveys/classes", {"cards": "9"}, 422, having="cards"),
    sends("alba", "/staff/surveys", "surveys/sheet", {"cards": "2"}, having="cards"),
    sees("alba", "/staff/surveys/cards", "surveys/card_classes"),
    sends("roux", "/staff/surveys/cards", "surveys/sheet", {}, having="/half"),
    sees("roux", "/staff/surveys/cards", "surveys/card_classes"),
    forges("alba", OPEN, "web/error", {"class_code": "3e Z", "told": "yes"}, 403),
    sees("head", OPEN, "surveys/prepare"),
    sees("lycee_head", OPEN, "surveys/prepare"),
    forges("lycee_head", OPEN, "web/error", {**HERE, "class_code": "2de 4"}, 400),
)

KEYS = "/staff/surveys/campaigns/{planned}/keys"
TRIAL = "/staff/surveys/campaigns/{planned}/trial"


def one_waits_for_its_two_shares(stage: Stage) -> None:
    """Two classes have answered, the last day is over, and the key is with two adults."""
    made = entrusted(stage.town, "6e B", "5e A", asked=questionnaires()["trip"])
    end(stage.town, made.campaign, datetime.now(UTC) - timedelta(hours=1))


def both_come(stage: Stage) -> None:
    """Its ballots are counted, as after both shares were typed."""
    with stage.town.house.database.writing() as db:
        db.execute(
            update(Campaign)
            .where(Campaign.custody == Custody.SHARED, Campaign.state == State.ENDED)
            .values(state=State.COUNTED),
            execution_options={"across": True},
        )


_LAST_THAT_WAITS = ".classes li:has(.status.waiting) a >> nth=-1"
"""Drafts, which wait too, come before what is over."""

CUSTODY: tuple[Step, ...] = (
    sees("head", KEYS, "surveys/custody"),
    sends("head", "", "surveys/shares", {"mode": "shared"}, having="mode"),
    sends("head", TRIAL, "surveys/rehearse", {"phrase": "abielle", "paper": "0000"}, 422, having="phrase"),
    sees("head", "/staff/surveys/campaigns/{planned}/planned", "surveys/draft"),
    sees("head", KEYS, "surveys/custody"),
    sees("head", "/staff/surveys/campaigns", "surveys/campaigns", before=one_waits_for_its_two_shares),
    clicks("head", "surveys/counting", _LAST_THAT_WAITS),
    clicks("head", "surveys/unlock", ".buttons a"),
    sends("head", "", "surveys/unlock", {"phrase": "abielle", "paper": "0000"}, 422, having="phrase"),
    sees("head", "/staff/surveys/campaigns", "surveys/campaigns", before=both_come),
    clicks("head", "surveys/counting", _LAST_THAT_WAITS),
)

HEADS: tuple[Step, ...] = (
    sees("other_head", "/staff/surveys/campaigns", "surveys/campaigns"),
    sees("head", "/staff/surveys/secret", "surveys/secret_exactly"),
    sees("petit", "/staff/surveys/results", "surveys/shared"),
    sends("head", NEW, "surveys/plan", {**PLAN, "invited": "3"}, 422, having="opens_on"),
    sends("head", "", "surveys/plan", {"take": "yes", "other": "parents-climate"}, having="opens_on"),
    sends("head", "", "surveys/plan", {"take": "yes", "other": "staff-climate"}, having="opens_on"),
    sends("head", "", "surveys/draft", {"invited": "40"}, having="opens_on"),
    sends("head", "", "surveys/announced", {}, having="told"),
    clicks("head", "surveys/notice", ".buttons a"),
    sees("clerk", "/surveys", "surveys/before", before=adults_are_asked),
    clicks("clerk", "surveys/questions", ".buttons a.button:first-child"),
    presses("clerk", "surveys/questions", BEGIN),
    presses("clerk", "surveys/questions", SEND),
    sees("karim", "/surveys", "surveys/before"),
    sends("head", SENSITIVE, "surveys/sensitive", {"agreed": ["read"]}, 422, having="agreed"),
    sends("head", "", "surveys/sensitive", {"agreed": ["read", "present", "families"]}, having="agreed"),
    sends("head", TEXTS, "surveys/text_questions", {"agreed": ["readers"]}, 422, having="agreed"),
    sends("head", "", "surveys/text_questions", {"agreed": ["readers", "no_search", "families"]}, having="agreed"),
    sees("lycee_head", "/staff/surveys/campaigns/{closed}/texts", "surveys/texts"),
    sees("lycee_head", "/staff/surveys/campaigns/{closed}/texts/{text}", "surveys/text"),
    sends("head", "/staff/surveys/campaigns/{overdue}/closing", "surveys/counting", {}, having="/closing"),
    sees("head", "/staff/surveys/campaigns", "surveys/campaigns"),
    sees("other_head", "/staff/surveys/campaigns", "surveys/campaigns", before=the_other_college_has_answered),
    clicks("other_head", "surveys/results_page", ".classes li:first-child a"),
    sees("other_head", "/staff/surveys/campaigns", "surveys/campaigns"),
    clicks("other_head", "surveys/not_shown", ".classes li:last-child a"),
    sees(
        "other_head",
        "/staff/surveys/campaigns",
        "surveys/campaigns",
        before=the_other_college_answered_two_years_ago,
    ),
    clicks("other_head", "surveys/results_page", ".classes li:first-child a"),
    clicks("other_head", "surveys/report", ".buttons a:first-child"),
)

YOUNG: tuple[Step, ...] = (
    clicks("noe", "surveys/questions", ".buttons a.button:first-child"),
    presses("noe", "surveys/questions", BEGIN),
    presses("noe", "surveys/questions", NEXT),
    presses("noe", "surveys/questions", NEXT, times=15),
    presses("noe", "surveys/questions", SEND),
)

ADMINS: tuple[Step, ...] = (
    sends("admin", "/staff/surveys/questionnaires", "surveys/questionnaires", {}, 422, having="file"),
)

WALK = Walk((*PUPILS, *YOUNG, *TEACHERS, *HEADS, *CUSTODY, *ADMINS))
