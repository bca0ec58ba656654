"""A proposal for the tests of this room that need one."""

import pytest
from sqlalchemy.orm import Session

from ent_module.identity import grants
from ent_module.identity.model import Role, Seat
from tests.identity.groups import DAY, me, seat_of
from tests.support.town import Town


@pytest.fixture
def proposed(db: Session, town: Town) -> Seat:
    """Alba, a teacher, proposed for the listening group by the local admin."""
    grants.propose(db, me(db, town, "admin"), town.membership("alba").account_id, Role.LISTENER, DAY)
    return seat_of(db, town, "alba")
