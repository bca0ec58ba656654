"""Signing in by a real Keycloak, from the way out to the page where one wanted to be."""

from typing import Any

import pytest
from sqlalchemy import select

from ent_module.identity.tables import Account
from tests.oidc.conftest import Plugged
from tests.support.town import COLLEGE, ECOLE, OTHER

pytestmark = pytest.mark.keycloak


@pytest.mark.parametrize(
    ("name", "profile", "uai", "roles"),
    [
        ("lina", "pupil", COLLEGE, []),
        ("zoe", "pupil", OTHER, []),
        ("noe", "pupil", ECOLE, []),
        ("karim", "parent", COLLEGE, []),
        ("alba", "teacher", COLLEGE, []),
        ("petit", "staff", COLLEGE, []),
        ("head", "management", COLLEGE, ["head"]),
        ("stranger", "visitor", COLLEGE, []),
    ],
)
def test_everyone_arrives_as_what_the_portal_says(
    plugged: Plugged, name: str, profile: str, uai: str, roles: list[Any]
) -> None:
    visit = plugged.visit()
    answer = visit.sign_in(name)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ent/")
    me = visit.browser.me()
    assert (me["profile"], me["establishment"]["uai"], me["roles"]) == (profile, uai, roles)


def test_a_name_and_a_class_are_on_the_page_as_the_portal_gives_them(plugged: Plugged) -> None:
    visit = plugged.visit()
    visit.sign_in("lina")
    page = visit.browser.get("/").text
    assert "Lina Morel" in page
    assert "6e B" in page
    assert "$6e B" not in page


def test_the_same_person_is_the_same_account_the_second_time(plugged: Plugged) -> None:
    for _time in range(2):
        plugged.visit().sign_in("ines")
    town = plugged.town
    with town.house.database.reading() as db:
        for uai in (COLLEGE, OTHER):
            mine = select(Account).where(
                Account.establishment_id == town.schools[uai], Account.portal_id == plugged.portal.id
            )
            assert [one.name for one in db.scalars(mine)] == ["Inès Vidal"]
