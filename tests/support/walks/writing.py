"""What pupils and parents see of the channel: before writing, mistakes, sent, the way back with a code, closed."""

from datetime import UTC, datetime, timedelta

from ent_module.help import jobs
from tests.help.steps import next_day
from tests.support.town import COLLEGE, ECOLE, LYCEE
from tests.support.walks.steps import (
    ALL,
    NONE,
    Stage,
    Step,
    Walk,
    damages,
    forges,
    publishes,
    publishes_cards,
    sees,
    sends,
)

WORDS = {"before": {"fr": "Ici, Mme Petit et M. Roux lisent vos messages.\nLa porte de la vie scolaire est ouverte."}}
TEXT = "On me prend mon sac dans le couloir."
VALID_WORDS = "abeille abri acacia accueil acrobate agenda aigle aimant"


def an_appointment_is_proposed(stage: Stage) -> None:
    """Petit proposes one to Sami."""
    typed = {"on_day": next_day().isoformat(), "at": "10:30", "place": "life"}
    page = f"/staff/desk/{stage.life.with_code}/day"
    assert stage.town.browser("petit").fill(page, typed, "on_day").status_code == 303


def the_college_says_who_and_where(stage: Stage) -> None:
    """Cards and words of its own, in French alone."""
    publishes_cards(COLLEGE, "petit")(stage)
    publishes(COLLEGE, "words", WORDS)(stage)


def the_referent_leaves(stage: Stage) -> None:
    """Beside those whom a child may leave out, nobody would read."""
    assert stage.town.browser("referent").post("/staff/settings/members/leave").status_code == 303


def the_admin_closes_the_channel(stage: Stage) -> None:
    """Nobody can begin to write at the collège any more."""
    assert stage.town.browser("admin").fill("/staff/settings/channel/close").status_code == 303


def nobody_read_and_it_was_closed(stage: Stage) -> None:
    """What Sami wrote has waited too long before it came to an end."""
    jobs.escalate(stage.town.house, datetime.now(UTC) + timedelta(days=9))
    stage.town.browser("petit").fill(
        f"/staff/desk/{stage.life.with_code}", {"done": TEXT, "outcome": "acted"}, "/close"
    )


def maria_works_at_the_ecole(stage: Stage) -> None:
    """The form before her is still the collège's."""
    assert stage.visitor.browser("maria").post("/work-in", {"uai": ECOLE}).status_code == 303


AT_SCHOOL: tuple[Step, ...] = (
    sends("lina", "/write", "help/write", {}, 422, having="message", before=the_college_says_who_and_where),
    sends("lina", "", "help/write", {"danger": "yes", "about": "did", "what": ["home"], "adult": "yes"}, 422,
          having="message"),
    sends("lina", "", "help/write", {"adult": "yes", "named": "Mme Petit", "shared": "yes"}, 422, having="message"),
    sends("lina", "", "help/write", {"message": "a" * 2001, "answer": "visit"}, 422, having="message"),
    sends("lina", "", "help/sent", {"message": TEXT, "danger": "yes", "answer": "here-unnamed"}, having="message"),
    sends("lina", "/write", "help/sent", {"message": TEXT, "answer": "visit"}, having="message"),
    sends("lina", "/write", "web/error", {"message": TEXT, "token": "0" * 32}, 400, having="message"),
    sends("karim", "/write", "help/write", {"what": ["home"]}, 422, having="message"),
    sends("karim", "", "help/sent", {"message": TEXT, "answer": "here-named"}, having="message"),
    # A parent of two schools goes to the other one in another tab
    sends("maria", "/write", "help/write", {"message": TEXT, "answer": "visit"}, 422, having="message",
          meanwhile=maria_works_at_the_ecole),
    sends("maria", "", "help/sent", {}, having="message"),
    # The way back
    sends("sami", "/words", "help/code", {"code": "abeille abri"}, 422, having="code"),
    sends("sami", "", "help/code", {"code": "xyzzy " * 8}, 422, having="code"),
    sends("sami", "", "help/code", {"code": VALID_WORDS}, 422, having="code"),
    sends("sami", "", "help/thread", {"code": "{code}"}, having="code"),
    sends("sami", "", "help/thread", {"message": ""}, 422, having="message"),
    sends("sami", "", "help/thread", {"message": TEXT}, having="message"),
    sends("sami", "", "help/sure", {}, having="/words/name"),
    sends("sami", "", "help/sure", {}, 422, having="/words/name"),
    sends("sami", "", "help/thread", {"sure": "yes"}, having="/words/name"),
    sends("sami", "", "help/sure", {}, having="/words/end"),
    sends("sami", "", "help/thread", {"sure": "yes"}, having="/words/end"),
    sends("sami", "/words", "help/thread", {"code": "{code}"}, having="code", before=an_appointment_is_proposed),
    sends("sami", "", "help/thread", {"when": "meet_other", "moment": ""}, 422, having="moment"),
    sends("sami", "", "help/thread", {"when": "meet_other", "moment": "Plutôt vendredi"}, having="moment"),
    sends("sami", "/words", "help/thread", {"code": "{code}"}, having="code", before=nobody_read_and_it_was_closed),
    sends("sami", "", "help/thread", {"helped": "yes"}, having="/words/after"),
    sends("sami", "", "help/code", {"message": TEXT, "code": VALID_WORDS}, 422, having="message"),
    sends("sami", "/words", "help/thread", {"code": "{code}"}, having="code", before=damages("ent_message", "sealed")),
    # Nobody reads at the lycée; then the collège closes
    forges("tom", "/write", "help/closed", {"message": TEXT}, 422),
    sees("tom", "/write", "help/closed", before=publishes_cards(LYCEE, "lycee_head")),
    sees("lina", "/write", "help/closed", before=the_admin_closes_the_channel),
    sees("karim", "/write", "help/closed"),
    sees("lina", "/", "home/pupil"),
)  # fmt: skip

YOUNG: tuple[Step, ...] = (
    sends("noe", "/write/visit", "help/sent", {"danger": "yes"}, having="danger"),
    sees("noe", "/write/steps", "help/step", before=publishes_cards(ECOLE, "circo1")),
    sends("noe", "", "help/step", {"about": "me"}),
    sends("noe", "", "help/step", {"what": ["mocked", "home"]}),
    sends("noe", "", "help/step", {"message": ""}),
    sends("noe", "", "help/step", {"often": "several"}),
    sends("noe", "", "help/step", {"go": "back"}),
    sends("noe", "", "help/step", {"often": "daily"}),
    sends("noe", "", "help/step", {"danger": "yes"}),
    sends("noe", "", "help/step", {"to": ["c1"]}),
    sends("noe", "", "help/step", {"answer": "here-unnamed"}, 422),
    sends("noe", "", "help/step", {"message": "a" * 2001}, 422),
    sends("noe", "", "help/step", {"message": TEXT}),
    sends("noe", "", "help/step", {"often": "daily"}),
    sends("noe", "", "help/step", {"go": "skip"}),
    sends("noe", "", "help/step", {"to": NONE}),
    sends("noe", "", "help/step", {"answer": "here-named"}),
    sends("noe", "", "help/step", {"parents": "talk"}),
    sends("noe", "", "help/sent", {}),
    sends("noe", "/write/visit", "help/visit", {"without": ALL}, 422, having="without", meanwhile=the_referent_leaves),
)

WALK = Walk(AT_SCHOOL)
YOUNG_WALK = Walk(YOUNG)
