"""The sealed header of a conversation: what the writer chose, and whom they left out."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ent_module.help.model.draft import Answer, Audience, Draft
from ent_module.help.service.adults import Adult

_VERSION = 1
_WORDS = (
    "language",
    "about",
    "often",
    "danger",
    "parents",
    "name",
    "since",
    "adult",
    "named",
    "shared",
    "source",
    "person",
)
_LISTS = ("what", "to", "classes")
_ADULTS = ("excluded", "only")


@dataclass(frozen=True)
class Writer:
    """Who writes, as the live session knows them. Name and classes are kept only where the writer gives them."""

    establishment_id: UUID
    audience: Audience
    language: str
    name: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """What stands in a header."""

    audience: Audience
    language: str
    about: str
    what: tuple[str, ...]
    often: str
    danger: str
    to: tuple[str, ...]
    """Labels of the adults whom the writer would like to talk to."""
    answer: Answer
    parents: str
    excluded: tuple[Adult, ...]
    name: str = ""
    """Empty for a message without a name."""
    classes: tuple[str, ...] = ()
    since: str = ""
    adult: str = ""
    """Whether an adult of the school is concerned: "yes", "unsaid", "no"."""
    named: str = ""
    """That adult in the writer's own words, which may mean somebody who reads."""
    only: tuple[Adult, ...] = ()
    """Whom alone the writer wants to read it, and the stand-in."""
    shared: str = ""
    """Whether somebody else has the writer's password."""
    source: str = ""
    """How it came to the adult who wrote it down: on paper, by word of mouth, from 3018."""
    person: str = ""
    """Whose words these are, where an adult wrote them down."""

    @classmethod
    def of(
        cls,
        writer: Writer,
        draft: Draft,
        to: tuple[str, ...],
        excluded: tuple[Adult, ...],
        only: tuple[Adult, ...] = (),
    ) -> "Header":
        """The header of a draft without problems."""
        header = cls(
            audience=writer.audience,
            language=writer.language,
            about=draft.about,
            what=draft.what,
            often=draft.often,
            danger=draft.danger,
            to=to,
            answer=draft.wanted,
            parents=draft.parents,
            excluded=excluded,
            since=draft.since,
            adult=draft.adult,
            named=draft.named,
            only=only,
            shared=draft.shared,
            source=draft.source,
            person=draft.person,
        )
        return replace(header, name=writer.name, classes=writer.classes) if draft.wanted.named else header

    def without(self, adult: Adult) -> "Header":
        """The same, with one more adult left out."""
        return replace(self, excluded=(*self.excluded, adult))

    def as_json(self) -> dict[str, Any]:
        """For sealing."""
        adults = {name: [one.as_json() for one in getattr(self, name)] for name in _ADULTS}
        plain = {**self.__dict__, **adults}
        return {"v": _VERSION, **plain}

    @classmethod
    def from_json(cls, value: Any) -> "Header":
        """What was sealed. An older header lacks what later ones have; whom to leave out is in all of them.

        Raises ValueError for what is no header, and for one of a later program: half understood, it might let somebody
        read who is left out.
        """
        try:
            if value["v"] > _VERSION:
                raise ValueError("a header of a later program")
            plain: dict[str, Any] = {name: str(value.get(name, "")) for name in _WORDS}
            plain |= {name: tuple(value.get(name, ())) for name in _LISTS}
            plain["excluded"] = tuple(Adult.from_json(one) for one in value["excluded"])
            plain["only"] = tuple(Adult.from_json(one) for one in value.get("only", ()))
            return cls(audience=Audience(value["audience"]), answer=Answer(value["answer"]), **plain)
        except (AttributeError, IndexError, KeyError, TypeError):
            raise ValueError("no header") from None
