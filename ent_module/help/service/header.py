"""The sealed header of a conversation: what the writer chose, and whom they left out."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ent_module.help.model.draft import Answer, Audience, Draft
from ent_module.help.service.channel import Adult

_VERSION = 1


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

    @classmethod
    def of(cls, writer: Writer, draft: Draft, to: tuple[str, ...], excluded: tuple[Adult, ...]) -> "Header":
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
        )
        return replace(header, name=writer.name, classes=writer.classes) if draft.wanted.named else header

    def without(self, adult: Adult) -> "Header":
        """The same, with one more adult left out."""
        return replace(self, excluded=(*self.excluded, adult))

    def as_json(self) -> dict[str, Any]:
        """For sealing."""
        plain = {**self.__dict__, "excluded": [adult.as_json() for adult in self.excluded]}
        return {"v": _VERSION, **plain}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Header":
        """What was sealed."""
        plain = {name: value[name] for name in cls.__dataclass_fields__}
        for name in ("what", "to", "classes"):
            plain[name] = tuple(plain[name])
        plain["excluded"] = tuple(Adult.from_json(one) for one in plain["excluded"])
        return cls(**{**plain, "audience": Audience(plain["audience"]), "answer": Answer(plain["answer"])})
