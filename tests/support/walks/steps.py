"""What a walk through the pages is made of: one step shows one page to one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import text

from ent_module.establishments import service as establishments
from tests.support.life import Life
from tests.support.town import Town

if TYPE_CHECKING:
    from tests.support.visitor import Visitor

Typed = Mapping[str, str | list[str]]
ALL = ["*"]
"""Every box of that name."""
NONE: list[str] = []
"""No box of that name."""


@dataclass(frozen=True)
class Stage:
    """Where a walk takes place."""

    town: Town
    life: Life
    visitor: "Visitor"


Happens = Callable[[Stage], object]


@dataclass(frozen=True)
class Step:
    """A page and how one gets there; the functions below make them."""

    who: str | None
    path: str
    """Below the prefix; `{campaign}` and the like are filled in from the town's life. Empty: where one already is."""
    shows: str
    """The template that must have made the page, without `ent/` and `.html`."""
    status: int = 200
    typed: Typed | None = None
    """What is typed into the form that has the field `having`, or that address; the rest stays as it was."""
    having: str = ""
    forged: bool = False
    """A form that no page offers: made on the person's own page, with nothing but what is typed."""
    press: str = ""
    """Selector of a button or link of the page."""
    times: int = 1
    leaves: bool = False
    """Whether pressing leads to another page."""
    before: Happens | None = None
    """What others do before the page is opened."""
    meanwhile: Happens | None = None
    """What others do between opening the form and sending it."""

    @property
    def template(self) -> str:
        """The file that must have made the page."""
        return f"ent/{self.shows}.html"


def sees(who: str | None, path: str, shows: str, status: int = 200, before: Happens | None = None) -> Step:
    """Opens a page."""
    return Step(who, path, shows, status, before=before)


def sends(
    who: str | None,
    path: str,
    shows: str,
    typed: Typed,
    status: int = 200,
    *,
    having: str = "",
    before: Happens | None = None,
    meanwhile: Happens | None = None,
) -> Step:
    """Opens a page, fills in its form and sends it; looks at what comes then."""
    return Step(who, path, shows, status, typed, having, before=before, meanwhile=meanwhile)


def forges(who: str | None, path: str, shows: str, typed: Typed, status: int, before: Happens | None = None) -> Step:
    """Sends what no page offers."""
    return Step(who, path, shows, status, typed, forged=True, before=before)


def presses(who: str, shows: str, press: str, times: int = 1) -> Step:
    """Presses a button that changes the page where one is."""
    return Step(who, "", shows, press=press, times=times)


def clicks(who: str, shows: str, link: str) -> Step:
    """Follows a link of the page where one is."""
    return Step(who, "", shows, press=link, leaves=True)


def publishes(uai: str, name: str, value: object) -> Happens:
    """Makes a value an establishment's setting."""

    def happens(stage: Stage) -> None:
        with stage.town.house.database.writing() as db:
            establishments.draft(db, stage.town.schools[uai], name, value)
            establishments.publish(db, stage.town.schools[uai], name)

    return happens


def publishes_cards(uai: str, reader: str) -> Happens:
    """Two contact cards: an adult who reads, and a place."""

    def happens(stage: Stage) -> None:
        card = {"place": "Bâtiment B, rez-de-chaussée", "hours": "Tous les jours"}
        adult = {"id": "c1", "name": "", "role": "CPE", "account_id": str(stage.town.membership(reader).account_id)}
        place = {"id": "c2", "name": "", "role": "Infirmerie", "account_id": None}
        publishes(uai, "cards", [card | adult, card | place])(stage)

    return happens


def damages(table: str, column: str) -> Happens:
    """What was sealed there no longer opens."""

    def happens(stage: Stage) -> None:
        with stage.town.house.database.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET {column} = zeroblob(120)"))  # noqa: S608  # names of ours

    return happens


@dataclass(frozen=True)
class Walk:
    """A way through the pages."""

    steps: tuple[Step, ...] = ()
    readers: tuple[str | None, ...] = ()
    """Those whose every link is followed."""
    links_show: frozenset[str] = field(default_factory=frozenset)
    """What following these links must have shown."""

    @property
    def templates(self) -> set[str]:
        """What the walk promises to check."""
        return {step.template for step in self.steps} | {f"ent/{name}.html" for name in self.links_show}
