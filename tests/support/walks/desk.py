"""The listening group at its desk, and what a head is told."""

from sqlalchemy import text

from tests.support.walks.steps import Stage, Step, Walk, damages, forges, sees, sends

ONE, CODED = "/staff/desk/{conversation}", "/staff/desk/{with_code}"
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
    sends("ines", "", "help/conversation", {"done": TEXT}, having="/close"),
    sees("petit", "/staff/desk?show=closed", "help/inbox"),
    sends("ines", ONE, "help/conversation", {}, having="/reopen"),
    sends("ines", "", "help/conversation", {"to": "up", "note": TEXT}, having="/hand_over"),
    sees("head", "/staff/group", "help/situation", before=nobody_has_read_in_time),
    sees("petit", "/staff/desk", "help/inbox"),
    sees("petit", ONE, "help/conversation"),
    sees("petit", "/", "home/staff"),
    sees("petit", CODED, "help/conversation", before=nobody_above_is_left),
    sees("petit", CODED, "help/conversation", before=damages("ent_message", "sealed")),
    sees("petit", CODED, "help/conversation", before=damages("ent_conversation", "header")),
    sees("petit", "/staff/desk", "help/inbox"),
    forges("petit", f"{CODED}/take", "web/error", {"token": "0"}, 400),
)  # fmt: skip

WALK = Walk(STEPS)
