"""Whom a draft leaves out and who reads it: ticked, or named in the writer's own words; all, or one adult alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.help.model import named as names
from ent_module.help.model.draft import Draft
from ent_module.help.model.moves import Lane
from ent_module.help.service import adults, channel
from ent_module.help.service.adults import Adult


@dataclass(frozen=True)
class Whom:
    """What a draft means for who reads it."""

    excluded: tuple[Adult, ...]
    readers: list[Adult]
    only: tuple[Adult, ...]
    """The one adult who is to read and the stand-in, where the writer wants nobody else."""
    lane: Lane
    in_doubt: bool
    """An adult of the school is concerned, and nobody knows who: no head is told that something waits."""


def whom(db: Session, establishment_id: UUID, draft: Draft) -> Whom:
    """Raises LookupError for an account that no adult has."""
    ticked = adults.adults_of(db, establishment_id, draft.without)
    meant = [one for one in _meant(db, establishment_id, draft.named) if not adults.among(one, ticked)]
    excluded = (*ticked, *meant)
    readers = adults.eligible(db, establishment_id, excluded, draft.queue)
    unknown = bool(draft.named) and not meant
    in_doubt = draft.adult == "unsaid" or unknown or (draft.adult == "yes" and not excluded)
    only = _only(readers, draft)
    return Whom(excluded, list(only) or readers, only, draft.queue, in_doubt)


def _only(readers: Sequence[Adult], draft: Draft) -> tuple[Adult, ...]:
    """The two of these who are to read alone; nobody where they no longer read: then all do."""
    by_account = {str(one.account_id): one for one in readers}
    two = tuple(by_account[account] for account in draft.alone or () if account in by_account)
    return two if len(two) == adults.WANTED else ()


def _meant(db: Session, establishment_id: UUID, typed: str) -> list[Adult]:
    """Those who read at the school or at a level above, or who head it, whom the typed words may mean."""
    if not typed:
        return []
    asked = adults.who_can_be_left_out(db, establishment_id)
    for level in adults.levels(db, establishment_id):
        asked += [one for one in adults.all_listeners(db, level) if not adults.among(one, asked)]
    called = channel.called(db, establishment_id, asked)
    return [
        one
        for one, by in zip(asked, called, strict=True)
        if names.means(typed, (by.name, by.office)) or (by.is_head and names.means_the_office(typed))
    ]
