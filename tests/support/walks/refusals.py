"""Pages that nobody wants to see: errors, an ended session, a portal's bad message, the way out of a narrow frame."""

from sqlalchemy import text

from tests.support.walks.steps import Stage, Step, Walk, forges, sees, sends

LONG = "Ce que j’ai écrit. " * 40


def a_table_is_gone(stage: Stage) -> None:
    """Something that should never happen happens."""
    with stage.town.house.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE ent_lesson_session"))


def the_session_ends(stage: Stage) -> None:
    """As after the last hour of a session; the browser still has its cookie."""
    with stage.town.house.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM ent_session"))
    stage.visitor.forget()


STEPS: tuple[Step, ...] = (
    forges("lina", "/write", "web/error", {"csrf_token": "forged", "message": LONG}, 400),
    sends("lina", "/write", "web/error", {"message": LONG}, 401, having="message", meanwhile=the_session_ends),
    forges(None, "/write", "web/error", {"message": LONG}, 401),
    sees(None, "/staff/desk", "web/error", 401),
    sees("lina", "/staff/desk", "web/error", 403),
    sees("noe", "/nothing-here", "web/error", 404),
    sees("karim", "/staff/settings/channel/open", "web/error", 404),
    forges("lina", "/write", "web/error", {"message": "a" * 300_000}, 413),
    sees(None, "/lti/login", "web/error", 400),
    forges("lina", "/tab", "web/new_tab", {"back": "/ent/using"}, 200),
    sees("alba", "/staff/given", "web/error", 500, before=a_table_is_gone),
)

WALK = Walk(STEPS)
