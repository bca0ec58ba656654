"""Surveys: what pupils are asked, what their teachers see, what a head closes and reads."""

from datetime import date

from tests.support.town import ECOLE, OTHER
from tests.support.walks.steps import NONE, Stage, Step, Walk, clicks, forges, presses, sees, sends
from tests.surveys.campaign import CALM, CLIMATE, HURT, fill, shut, start, started

HERE = {"class_code": "5e A", "questionnaire": CLIMATE, "pupils": "24", "told": "yes", "place": "shared"}
OPEN = "/staff/surveys/open"
ADULTS = "/staff/surveys/adults"
SENSITIVE = "/staff/surveys/questionnaires/sensitive"
LAST_YEAR, TWO_YEARS_AGO = date(2025, 11, 13), date(2024, 11, 14)
BEGIN, SEND = "[data-begin]", "form#questions .last-step button:first-child"
NEXT = "form#questions > .buttons:last-child button:last-child"


def the_ecole_asks_too(stage: Stage) -> None:
    """A questionnaire is open for Noé's class."""
    started(stage.town, "CE2", uai=ECOLE)


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
    presses("lina", "surveys/questions", BEGIN),
    presses("lina", "surveys/questions", SEND),
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

HEADS: tuple[Step, ...] = (
    sees("other_head", "/staff/surveys/campaigns", "surveys/campaigns"),
    sees("head", "/staff/surveys/secret", "surveys/secret_exactly"),
    sees("petit", "/staff/surveys/results", "surveys/shared"),
    sends("head", ADULTS, "surveys/adults", {}, 422, having="told"),
    sends("head", "", "surveys/running", {"questionnaire": "staff-climate", "told": "yes"}, having="told"),
    sees("clerk", "/surveys", "surveys/before"),
    clicks("clerk", "surveys/questions", ".buttons a.button:first-child"),
    presses("clerk", "surveys/questions", BEGIN),
    presses("clerk", "surveys/questions", SEND),
    sends("head", ADULTS, "surveys/running", {"questionnaire": "parents-climate", "told": "yes"}, having="told"),
    sees("karim", "/surveys", "surveys/before"),
    sees("head", ADULTS, "surveys/adults"),
    sends("head", SENSITIVE, "surveys/sensitive", {"agreed": ["read"]}, 422, having="agreed"),
    sends("head", "", "surveys/sensitive", {"agreed": ["read", "present", "families"]}, having="agreed"),
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

WALK = Walk((*PUPILS, *YOUNG, *TEACHERS, *HEADS, *ADMINS))
