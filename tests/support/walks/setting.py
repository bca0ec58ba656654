"""A school's own pages: settings and their mistakes, two people at one form, the groups, the channel."""

from ent_module.identity.model import Role
from tests.setup.pages import newcomer
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, OTHER, THIS_YEAR, Browser
from tests.support.walks.steps import NONE, Happens, Stage, Step, Walk, forges, publishes, sees, sends

AT = "/staff/settings"
CARDS, NEW_CARD, THE_CARD = f"{AT}/cards", f"{AT}/cards/new", f"{AT}/cards/{{card}}"
MEMBERS, CHANNEL = f"{AT}/members", f"{AT}/channel"
WRONG_HOURS = {
    "mon-open": "1",
    "mon-from": "12:00",
    "mon-to": "07:00",
    "closed-0-from": "2026-12-04",
    "closed-0-to": "2026-12-01",
}
NO_DAY = {f"{day}-open": NONE for day in ("mon", "tue", "wed", "thu", "fri")}
WORDS, OTHER_WORDS = {"before-fr": "Venez nous voir."}, {"before-fr": "", "before-en": "Come and see us."}
CARD = {"name": "Mme Petit", "role": "CPE"}


def saves_words(words: str) -> Happens:
    """The admin writes something else from another window."""

    def happens(stage: Stage) -> None:
        admin = stage.town.browser("admin")
        assert admin.fill(f"{AT}/words", {"before-fr": words}, "before-fr").status_code == 303

    return happens


def moves_the_card(place: str) -> Happens:
    """The admin changes the card from another window."""

    def happens(stage: Stage) -> None:
        admin = stage.town.browser("admin")
        assert admin.fill(f"{AT}/cards/{stage.life.card}", {"place": place}, "place").status_code == 303

    return happens


def removes_the_card(stage: Stage) -> None:
    """The admin takes the card away from another window."""
    admin = stage.town.browser("admin")
    assert admin.fill(f"{AT}/cards", having=f"{stage.life.card}/remove").status_code == 303


def someone_may_leave(stage: Stage) -> None:
    """The departure of a member is proposed."""
    admin = stage.town.browser("admin")
    assert admin.fill(f"{AT}/members", having="/end").status_code == 303


def paul_leaves(stage: Stage) -> None:
    """At the other collège only one member is left."""
    assert stage.town.browser("paul").post(f"{AT}/members/leave").status_code == 303


def a_newcomer(name: str, uai: str, *roles: Role, then: str = "") -> Happens:
    """Someone who is not of the cast; who then works in another school, where that is said."""

    def happens(stage: Stage) -> None:
        made: Browser = newcomer(stage.town, name, uai, *roles, also=(then,) if then else ())
        stage.visitor.lend(name, made)
        if then:
            assert made.post("/work-in", {"uai": then}).status_code == 303

    return happens


listens_elsewhere = a_newcomer("elsewhere", COLLEGE, Role.LISTENER, then=OTHER)

FORMS: tuple[Step, ...] = (
    sends("admin", NEW_CARD, "setup/card", {"place": "Cour"}, 422, having="place"),
    sends("admin", "", "setup/card", {**CARD, "place": "a" * 200}, 422, having="place"),
    sends("admin", "", "setup/cards", {"role": "Infirmerie", "name": "", "place": ""}, having="place"),
    sends("admin", THE_CARD, "setup/card", CARD, 409, having="place", meanwhile=moves_the_card("Cour")),
    sends("admin", CARDS, "setup/cards", {}, 409, having="/remove", meanwhile=moves_the_card("Bâtiment A")),
    sends("admin", CARDS, "setup/cards", {}, 409, having="/publish/cards", meanwhile=moves_the_card("Bâtiment B")),
    sends("admin", THE_CARD, "setup/card", CARD, 409, having="place", meanwhile=removes_the_card),
    sends("admin", CARDS, "setup/cards", {}, having="/publish/cards"),
    sees("other_admin", CARDS, "setup/cards"),
    sends("admin", f"{AT}/hours", "setup/hours", WRONG_HOURS, 422, having="mon-from"),
    sends("admin", "", "setup/hours", NO_DAY, 422, having="mon-from"),
    sends(
        "admin", f"{AT}/hours", "setup/hours", {"mon-from": "07:30", "closed-0-from": "2026-12-04"}, having="mon-from"
    ),
    sends("admin", f"{AT}/words", "setup/words", OTHER_WORDS, 422, having="before-fr"),
    sends("admin", f"{AT}/words", "setup/words", WORDS, 409, having="before-fr", meanwhile=saves_words("Autre chose")),
    sends(
        "admin",
        f"{AT}/words",
        "setup/words",
        {},
        409,
        having="/discard/words",
        meanwhile=saves_words("Encore autre chose"),
    ),
    sends("admin", f"{AT}/words", "setup/words", {"do": "publish"}, having="before-fr"),
    sends("admin", f"{AT}/delay", "setup/delay", {"days": NONE}, 422, having="days"),
    sends("admin", f"{AT}/delay", "setup/delay", {"days": "2"}, having="days"),
    sends("admin", f"{AT}/delay", "setup/delay", {}, having="/discard/delay"),
)

MINE, RHYTHM = f"{AT}/mine", f"{AT}/rhythm"


def last_years_group(stage: Stage) -> None:
    """September has come, and nobody has confirmed the group."""
    publishes(COLLEGE, "channel", {"open": True, "year": THIS_YEAR - 2})(stage)


rules_above = a_newcomer("rules_above", CIRCONSCRIPTION, Role.LOCAL_ADMIN)

RHYTHMS: tuple[Step, ...] = (
    sees("petit", f"{MINE}/{{check}}/check", "help/check"),
    sends("petit", "", "help/mine", {}, having="/check"),
    sees("petit", f"{MINE}/{{check}}/check", "help/check"),
    sends("petit", MINE, "help/mine", {"address": "personne"}, 422, having="address"),
    sends("petit", "", "help/mine", {"address": "jeanne.petit@ac.example"}, having="address"),
    sends("petit", MINE, "help/mine", {"until": "2020-01-01"}, 422, having="until"),
    sends("petit", MINE, "help/mine", {"days": NONE}, 422, having="days"),
    sends("petit", MINE, "help/mine", {}, having="/away"),
    sees("petit", MINE, "help/mine"),
    sends("admin", RHYTHM, "help/rhythm", {"morning": NONE, "rota": ["*"]}, 422, having="morning"),
    sends("admin", RHYTHM, "help/rhythm", {"breaks": "10", "crip_phone": "1"}, 422, having="morning"),
    sends("admin", RHYTHM, "help/rhythm", {"morning": "08:00"}, having="morning"),
    sees("rules_above", RHYTHM, "help/rhythm", before=rules_above),
    sees("head", CHANNEL, "setup/channel", before=last_years_group),
    sends("head", "", "setup/channel", {}, having="/confirm"),
)

PEOPLE: tuple[Step, ...] = (
    # What was proposed waits for a second person
    forges("admin", f"{AT}/members/{{seat}}/confirm", "setup/members", {}, 409),
    forges("admin", f"{AT}/members/propose", "setup/members", {"account_id": "nobody"}, 422),
    forges("petit", f"{AT}/members/{{seat}}/end", "setup/members", {}, 403),
    sends("head", MEMBERS, "setup/members", {}, having="/confirm"),
    sees("admin", MEMBERS, "setup/members", before=someone_may_leave),
    sees("petit", MEMBERS, "setup/members"),
    sees("head", MEMBERS, "setup/members"),
    sees("elsewhere", MEMBERS, "setup/members", before=listens_elsewhere),
    # Open and closed
    forges("admin", f"{AT}/channel/close", "setup/close", {}, 409),
    sends("admin", f"{AT}/channel/close", "setup/channel", {}, having="/close"),
    sees("paul", f"{AT}/members/leave", "setup/leave"),
    sees("other_admin", f"{AT}/channel/close", "setup/close"),
    sends("other_admin", f"{AT}/channel/close", "setup/channel", {}, having="/close"),
    sends("other_admin", CHANNEL, "setup/channel", {}, 409, having="/open", meanwhile=paul_leaves),
    sees("other_admin", MEMBERS, "setup/members"),
    # An école
    sees("director", AT, "setup/overview", before=a_newcomer("director", ECOLE, Role.LOCAL_ADMIN, Role.HEAD)),
    sees("director", CHANNEL, "setup/channel"),
    sees("director", MEMBERS, "setup/members"),
    sees("director", CARDS, "setup/cards", before=publishes(ECOLE, "cards", [])),
    sees("director", "/", "home/staff"),
)

WALK = Walk(FORMS)
RHYTHM_WALK = Walk(RHYTHMS)
PEOPLE_WALK = Walk(PEOPLE)
