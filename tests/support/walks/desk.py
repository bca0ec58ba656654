"""The listening group at its desk, and what a head is told."""

from sqlalchemy import text

from tests.help.steps import next_day
from tests.support.walks.steps import ALL, NONE, Stage, Step, Walk, damages, forges, sees, sends

ONE, CODED = "/staff/desk/{conversation}", "/staff/desk/{with_code}"
MODEL = {"name-0": "Merci", "text-0": "Merci de m’avoir écrit."}
WHEN = {"on_day": next_day().isoformat(), "at": "10:30", "place": "life"}
TEXT = "Nous voyons la famille lundi."


def nobody_has_read_in_time(stage: Stage) -> None:
    """Every message should have been read long ago, and nobody has it."""
    with stage.town.house.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE ent_conversation SET due_on = '2026-01-05', urgent = 0, state = 'new', handled_by = NULL,"
                 " handled_by_establishment = NULL")
        )  # fmt: skip


def ines_takes_it(stage: Stage) -> None:
    """A colleague is quicker."""
    stage.town.browser("ines").fill(f"/staff/desk/{stage.life.conversation}", having="/take")


def ines_keeps_another(stage: Stage) -> None:
    """A colleague writes templates at the same moment."""
    other = {"name-0": "Autre", "text-0": "Merci."}
    assert stage.town.browser("ines").fill("/staff/desk/answers", other, "name-0").status_code == 303


def nobody_above_is_left(stage: Stage) -> None:
    """No level above the collège has a listener any more."""
    assert stage.town.browser("referent").post("/staff/settings/members/leave").status_code == 303


STEPS: tuple[Step, ...] = (
    sees("paul", "/staff/desk", "help/inbox"),
    sees("other_head", "/staff/group", "help/situation"),
    sees("roux", CODED, "help/conversation"),
    # Doors for adults
    sends("alba", "/staff/concern", "help/concern", {"adult": "yes"}, 422, having="message"),
    sends("alba", "", "help/noted", {"message": TEXT, "named": "M. Roux", "danger": "yes"}, having="message"),
    sends("petit", "/staff/intake", "help/concern", {"message": TEXT}, 422, having="message"),
    sends("petit", "", "help/noted", {"source": "3018", "person": "Une mère"}, having="message"),
    sees("ines", "/staff/intake", "help/schools"),
    sees("lycee_head", "/staff/concern", "help/concern"),
    sends("petit", CODED, "help/conversation", {"message": "", "note": TEXT}, 422, having="/answer"),
    sends("petit", "", "help/conversation", {"note": "a" * 2001}, 422, having="/note"),
    sends("roux", CODED, "web/error", {"note": TEXT, "token": "0" * 32}, 400, having="/note"),
    # Two of the group at the same message
    sends("petit", ONE, "help/conversation", {"note": TEXT}, 409, having="/take", meanwhile=ines_takes_it),
    sees("petit", ONE, "help/conversation"),
    sends("petit", CODED, "help/conversation", {}, having="/urgent"),
    sends("petit", "", "help/conversation", {"why": ""}, 422, having="/not_urgent"),
    sends("petit", ONE, "help/conversation", {"note": TEXT}, having="/note"),
    sends("ines", ONE, "help/conversation", {"done": ""}, 422, having="/close"),
    sends("ines", "", "help/conversation", {"done": TEXT, "outcome": "facts"}, 422, having="/close"),
    sends("ines", "", "help/conversation", {"done": TEXT, "outcome": "facts", "reference": "FE-1", "parents": "told"},
          having="/close"),
    sees("petit", "/staff/desk?show=closed", "help/inbox"),
    sends("ines", ONE, "help/conversation", {}, having="/reopen"),
    sends("ines", "", "help/conversation", {"to": "up", "because": "", "note": TEXT}, 422, having="/hand_over"),
    sends("ines", "", "help/conversation", {"to": "up", "because": TEXT}, having="/hand_over"),
    # What the law asks for
    sends("petit", CODED, "help/conversation", {"way": ""}, 422, having="/transmitted"),
    sends("petit", CODED, "help/conversation", {"way": "crip"}, having="/transmitted"),
    sends("petit", CODED, "help/export", {}, having="/copy"),
    # Templates, an appointment, the same situation, a colleague who leaves
    sends("petit", "/staff/desk/answers", "help/models", {"name-0": "Merci", "text-0": ""}, 422, having="name-0"),
    sends("petit", "/staff/desk/answers", "help/models", MODEL, 409, having="name-0", meanwhile=ines_keeps_another),
    sends("petit", CODED, "help/conversation", {"model": "Autre", "note": TEXT}, having="/insert"),
    sends("petit", CODED, "help/conversation", {"note": TEXT, "on_day": "2031-01-06"}, having="/note"),
    sends("petit", f"{CODED}/day", "help/meet", {"on_day": "", "at": "", "place": NONE}, 422, having="on_day"),
    sends("petit", "", "help/meet", WHEN, having="on_day"),
    sends("petit", "", "help/slip", {}, having="/slip"),
    sees("petit", CODED, "help/conversation"),
    sees("petit", "/staff/desk/agenda", "help/agenda"),
    sees("petit", "/staff/desk/kept", "help/kept"),
    sends("petit", CODED, "help/conversation", {"reason": ""}, 422, having="/hold"),
    sends("petit", CODED, "help/conversation", {"reason": "court"}, having="/hold"),
    sends("petit", f"{CODED}/link", "help/link", {"words": "perroquet"}, having="words"),
    sends("petit", "", "help/conversation", {}, having="other"),
    sends("petit", "/staff/desk", "help/inbox", {"words": "girafe", "urgent": ALL}, having="words"),
    sends("petit", "/staff/desk/relay", "help/hand_on", {}, having="whose"),
    # An adult is named in it
    sends("petit", CODED, "help/conversation", {"adult": ""}, 422, having="/concerned"),
    sees("head", "/staff/group", "help/situation", before=nobody_has_read_in_time),
    sees("petit", "/staff/desk", "help/inbox"),
    sees("petit", ONE, "help/conversation"),
    sees("petit", "/", "home/staff"),
    # Under professional secrecy
    sends("roux", ONE, "help/conversation", {"health": ""}, 422, having="/to_lane"),
    sends("roux", "", "help/inbox", {"health": TEXT}, having="/to_lane"),
    sees("nurse", "/staff/desk", "help/inbox"),
    sends("nurse", ONE, "help/conversation", {"passed": ""}, 422, having="/shared"),
    sends("nurse", "", "help/conversation", {"passed": TEXT}, having="/shared"),
    sees("petit", CODED, "help/conversation", before=nobody_above_is_left),
    sees("petit", CODED, "help/conversation", before=damages("ent_message", "sealed")),
    sees("petit", CODED, "help/conversation", before=damages("ent_conversation", "header")),
    sees("petit", "/staff/desk", "help/inbox"),
    forges("petit", f"{CODED}/take", "web/error", {"token": "0"}, 400),
)  # fmt: skip

WALK = Walk(STEPS)
