"""The pupil's and the psychologist's story through a real Keycloak, in a real browser; and how the new pages look."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from ent_module.identity import following
from ent_module.identity import service as identity
from ent_module.identity.model import Role
from ent_module.jobs.service import tick
from ent_module.languages import LANGUAGES
from tests.browser.stories.portal import COMPUTER, TELEPHONE, door, lines
from tests.browser.stories.pupil import MESSAGE, Pupil, said
from tests.oidc.conftest import Plugged
from tests.support.browser import axe
from tests.support.keycloak import PASSWORD
from tests.support.look import NARROW, look
from tests.support.town import COLLEGE, OTHER

pytestmark = [pytest.mark.browser, pytest.mark.keycloak]

ANSWER = "Merci de l’avoir dit. Veux-tu que nous en parlions jeudi ?"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Whoever is not signed in is answered in the browser's language, which each test chooses."""
    return {name: value for name, value in browser_context_args.items() if name != "locale"}


@dataclass
class Story:
    """The town behind a Keycloak of its own, served."""

    plugged: Plugged
    address: str
    new_context: Callable[..., BrowserContext]

    def browser(self, **options: Any) -> Page:
        return self.new_context(
            **{"base_url": self.address, "viewport": COMPUTER, "locale": "fr-FR", **options}
        ).new_page()

    def enter(self, name: str, page: Page | None = None, **options: Any) -> Page:
        """Somebody opens the module without a portal's menu, and signs in at Keycloak with name and password."""
        page = page or self.browser(**options)
        page.goto("/ent/")
        page.get_by_role("link", name="Se connecter par ENT du Nord").click()
        page.locator("#username").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.locator("#kc-login").click()
        expect(page).to_have_url(f"{self.address}/ent/")
        return page

    def looks_at_groups(self) -> None:
        """The tick."""
        assert tick(self.plugged.town.house, datetime.now(UTC))["sign_in.followed_groups"] == "done"


@pytest.fixture
def story(reached: Callable[..., Plugged], new_context: Callable[..., BrowserContext]) -> Story:
    """Both collèges follow their groups in Keycloak, and nobody listens there but by them."""
    plugged = reached("localhost")  # another site than Keycloak's
    town = plugged.town
    with town.house.database.writing() as db:
        for uai in (COLLEGE, OTHER):
            for account in identity.holders(db, town.schools[uai], Role.LISTENER):
                identity.revoke(db, town.schools[uai], account.id, Role.LISTENER)
            following.follow(db, town.schools[uai], plugged.portal.id, f"/{uai}/personnels")
    return Story(plugged, town.house.settings.public_url, new_context)


def test_a_pupil_writes_signs_out_and_reads_the_answer_another_day(story: Story) -> None:
    petit, ines = story.enter("petit"), story.enter("ines")
    expect(door(petit, "Messages")).to_have_count(0)
    story.looks_at_groups()
    lina = Pupil(story.enter("lina", viewport=TELEPHONE), "Lina Morel")
    expect(lina.page.get_by_role("banner")).to_contain_text("6e B")
    lina.follow("Parler à un adulte")
    code = lina.writes_without_a_name(MESSAGE, excluding="Jeanne Petit")
    lina.page.get_by_role("button", name="Se déconnecter").click()
    # By the way of Keycloak, whose session is over too, back to our neutral page.
    expect(lina.page).to_have_url(re.compile(rf"^{re.escape(story.address)}/ent/\?state="))
    expect(lina.page.get_by_role("link", name="Se connecter par ENT du Nord")).to_be_visible()
    assert "Lina" not in lina.page.content()

    petit.goto("/ent/")
    expect(door(petit, "Messages")).to_contain_text("Rien à lire")
    ines.goto("/ent/")
    door(ines, "Messages").click()
    lines(ines).click()
    expect(ines.get_by_text("Sans nom. Personne ne recherche qui a écrit.")).to_be_visible()
    ines.get_by_label("Répondre").fill(ANSWER)
    ines.get_by_role("button", name="Envoyer la réponse").click()
    expect(ines.get_by_role("article").filter(has_text=ANSWER)).to_be_visible()

    later = Pupil(story.enter("lina", lina.page), "Lina Morel")
    later.comes_back(code, MESSAGE, ANSWER)


def test_a_psychologist_of_two_schools_until_the_portal_ends_her_session(story: Story) -> None:
    ines = story.enter("ines")
    story.enter("petit")
    story.looks_at_groups()
    ines.goto("/ent/")
    expect(door(ines, "Messages")).to_contain_text("Rien à lire")
    lina = Pupil(story.enter("lina"), "Lina Morel")
    lina.follow("Parler à un adulte")
    lina.writes_without_a_name(MESSAGE, excluding="Jeanne Petit")
    ines.goto("/ent/")
    expect(door(ines, "Messages")).to_contain_text("1 à lire")
    door(ines, "Messages").click()
    lines(ines).click()
    expect(ines.get_by_text("Ne pas en parler à")).to_be_visible()
    ines.get_by_role("button", name="Je m’en charge").click()
    expect(ines.get_by_text("pris par vous")).to_be_visible()
    address = ines.url
    story.plugged.realm.signs_out("ines")
    ines.goto(address)
    expect(ines.get_by_role("heading", level=1)).to_have_text("La session est finie")
    assert MESSAGE not in ines.content()
    # Signed in anew she reads on; out of the group at the portal, she finds no door any more.
    story.enter("ines", ines)
    ines.goto(address)
    expect(ines.get_by_role("article")).to_contain_text(MESSAGE)
    story.plugged.realm.leaves("ines", f"/{COLLEGE}/personnels")
    later = following.EVERY + datetime.now(UTC)
    assert tick(story.plugged.town.house, later)["sign_in.followed_groups"] == "done"
    ines.goto(address)
    assert MESSAGE not in ines.content()


def _stays(route: Route) -> None:
    """The page that leads on, without leading on."""
    answer = route.fetch(max_redirects=0)
    route.fulfill(response=answer, headers={name: value for name, value in answer.headers.items() if name != "refresh"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_the_pages_look(story: Story, language: str) -> None:
    page = story.browser(locale=language, viewport=NARROW)
    page.goto("/ent/")
    expect(page.get_by_role("link", name=re.compile("ENT du Nord"))).to_be_visible()
    _is_well(page, language)
    page.get_by_role("link", name=re.compile("ENT du Nord")).click()
    page.locator("#username").fill("lina")
    page.locator("#password").fill(PASSWORD)
    page.locator("#kc-login").click()
    out = page.get_by_role("button", name=said("Se déconnecter", language))
    expect(out).to_be_visible()
    _is_well(page, language)
    page.route("**/sign-out", _stays)
    out.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said("La session est finie ici", language))
    _is_well(page, language)


def _is_well(page: Page, language: str) -> None:
    axe(page)
    assert look(page, language) == []
