"""One process may serve one side only: the pupils' and families', or the staff's."""

from dataclasses import replace
from pathlib import Path

import pytest

from ent_module.config import ConfigurationError, checked
from tests.conftest import SETTINGS, make_app
from tests.support.crawl import crawl
from tests.support.town import Town

PEOPLE = ("lina", "noe", "karim", "alba", "ines", "head", "admin")


def _on(town: Town, surface: str, url: str, work: Path) -> Town:
    app = make_app(url, work, replace(SETTINGS, surface=surface))
    return replace(town, app=app, house=app.extensions["ent"])


@pytest.mark.usefixtures("life")
def test_each_side_serves_its_own_pages_and_no_link_leads_to_the_other(
    town: Town, database_url: str, work: Path
) -> None:
    for surface, there, elsewhere in (
        ("public", "/read", ("/staff/lessons", "/staff/desk", "/staff/settings", "/lti/config.json")),
        ("staff", "/staff/lessons", ("/read", "/write", "/words", "/surveys")),
    ):
        side = _on(town, surface, database_url, work)
        for name in PEOPLE:
            assert crawl(side.browser(name))
        reader = "lina" if surface == "public" else "alba"
        assert side.browser(reader).get(there).status_code == 200
        for path in elsewhere:
            assert side.browser(reader).get(path).status_code == 404
        assert (side.browser().get("/lti/jwks.json").status_code == 200) is (surface == "staff")
        side.house.database.engine.dispose()


def test_another_word_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="ENT_SURFACE"):
        checked(replace(SETTINGS, surface="both"))
