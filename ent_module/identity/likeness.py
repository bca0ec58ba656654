"""Behind which accounts one person may stand: for where two persons decide, not two accounts."""

from uuid import UUID

from sqlalchemy.orm import Session

from ent_module.identity.model import words_of
from ent_module.identity.service import adults, is_same_person
from ent_module.identity.tables import Account


def may_be_same_person(one: Account, other: Account) -> bool:
    """Whether one person may stand behind two adults' accounts of a school. When in doubt: yes.

    Surely by the digest; else by the name, since someone who comes from two portals has two accounts that nothing else
    links. Between two portals an account without a name is in doubt as well.
    """
    if is_same_person(one, other):
        return True
    if one.name and other.name:
        return words_of(one.name) == words_of(other.name)
    return one.portal_id != other.portal_id


def accounts_like(db: Session, establishment_id: UUID, *account_ids: UUID | None) -> frozenset[UUID]:
    """These accounts, and those of the establishment's adults behind which the same person may stand."""
    known = adults(db, establishment_id)
    these = [one for one in known if one.id in account_ids]
    found = {one.id for one in known if any(may_be_same_person(one, this) for this in these)}
    return frozenset(found | {one for one in account_ids if one is not None})
