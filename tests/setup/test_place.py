"""Someone of two schools changes the school whose page they have before them, or none."""

import re
from datetime import date

import pytest

from ent_module.identity import service as identity
from ent_module.identity.model import Role
from tests.support.database import everything
from tests.support.town import COLLEGE, OTHER, Browser, Town

OPENED = ("members/leave", "admins/leave", "channel/close", "members", "cards/new", "hours", "words", "delay")


@pytest.fixture
def ines(town: Town) -> Browser:
    """Listener and local admin of two collèges."""
    with town.house.database.writing() as db:
        for place in town.ines.memberships:
            identity.grant(db, place.establishment_id, place.account_id, Role.LOCAL_ADMIN, date(2026, 9, 1))
    return town.browser("ines")


@pytest.mark.parametrize("path", OPENED)
def test_a_form_shown_for_one_school_does_nothing_in_another(town: Town, ines: Browser, path: str) -> None:
    shown = ines.get(f"/staff/settings/{path}")
    place = f'name="acting_in" value="{town.schools[COLLEGE]}"'
    forms = re.findall(r'(?s)<form method="post" action="/ent/staff/settings[^"]*".*?</form>', shown.text)
    assert forms
    assert all(place in form for form in forms)
    assert ines.post("/work-in", {"uai": OTHER}).status_code == 303  # in another tab
    before = everything(town.house.database)
    action = re.search(r'action="/ent(/staff/settings[^"]*)"', forms[-1])
    assert action
    late = ines.post(action[1], {"acting_in": str(town.schools[COLLEGE]), "before-fr": "Venez nous voir."})
    assert late.status_code == 409
    assert "rien n’a été changé" in late.text
    assert "Collège Lucie-Aubrac" in late.text
    assert everything(town.house.database) == before
    if path == "words":
        assert "Venez nous voir." in late.text


def test_a_form_that_names_no_school_does_nothing(town: Town, ines: Browser) -> None:
    for place in ("", "x", str(town.schools[OTHER])):
        assert ines.post("/staff/settings/members/leave", {"acting_in": place}).status_code == 409
    assert ines.post("/staff/settings/members/leave").status_code == 303


def test_every_form_of_the_settings_is_bound(town: Town) -> None:
    entries = [one for name, one in town.house.declared.items() if name.startswith("ent_setup_staff.")]
    assert entries
    assert all(one.in_place for one in entries)
