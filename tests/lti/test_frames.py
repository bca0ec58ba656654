"""A portal that was just registered may frame our pages, without a restart."""

from ent_module.extension import PortalOrigins
from ent_module.identity import service as identity
from tests.lti.conftest import Clock
from tests.support.town import Town


def test_a_new_portal_is_known_after_a_minute(town: Town) -> None:
    clock = Clock()
    origins = PortalOrigins(town.house.database, clock)
    assert origins() == ("https://portal.example",)
    with town.house.database.writing() as db:
        identity.add_portal(db, "lti", "Nouveau portail", "https://new.example")
    assert origins() == ("https://portal.example",)
    clock.now += 61
    assert origins() == ("https://new.example", "https://portal.example")
