"""Lessons: prepared, shown, logged."""

from tests.support.walks.steps import NONE, Step, Typed, Walk, forges, sees, sends

LOG = "/staff/lessons/{lesson}/log"
NOTHING: Typed = {"class": "", "day": "", "parts": NONE, "minutes": "2", "place": NONE}

STEPS: tuple[Step, ...] = (
    sees("alba", "/staff/lessons/{lesson}/show/2", "lessons/show"),
    sees("alba", "/staff/lessons/{lesson}/show/6", "lessons/show"),
    sees("alba", "/staff/lessons/{lesson}/notes/6", "lessons/notes"),
    sees("roux", "/staff/given", "lessons/given"),
    sees("clerk", LOG, "lessons/log"),
    sends("alba", LOG, "lessons/log", NOTHING, 422, having="minutes"),
    sends("alba", LOG, "lessons/given", {"class": "5e A", "minutes": "95", "place": "remote"}, having="minutes"),
    forges("alba", "/staff/given/{given}/remove", "lessons/given", {}, 200),
)

WALK = Walk(STEPS)
