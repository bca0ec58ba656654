"""What every story begins with: the portal's menu; and what other people do meanwhile, in few words."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import text

from ent_module.establishments import service as establishments
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.identity import service as identity
from ent_module.recall import Recall
from ent_module.web.house import House

TELEPHONE = {"width": 360, "height": 740}
COMPUTER = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Portal:
    """The portal of Valbelle at its address, with the module behind it."""

    address: str
    house: House
    new_context: Callable[..., BrowserContext]

    def browser(self, **options: Any) -> BrowserContext:
        """A browser that nobody has used yet."""
        return self.new_context(**{"base_url": self.address, "viewport": COMPUTER, **options})

    def enter(self, name: str, *, language: str = "Français", **options: Any) -> Page:
        """A person chooses their name at the portal, in a browser of their own, then « Ressources » in its menu."""
        page = self.browser(**options).new_page()
        page.goto("/")
        page.get_by_label("Langue du portail").select_option(language)
        page.get_by_role("button", name=name).click()
        page.get_by_role("link", name="Ressources").click()
        if options.get("java_script_enabled") is False:
            page.get_by_role("button", name="Continuer").click()
        expect(page).to_have_url(f"{self.address}/ent/")
        return page

    def a_day_passes(self) -> None:
        """Whoever was confirmed as a member counts from now on."""
        with self.house.database.writing() as db:
            db.execute(text("UPDATE ent_grant SET counts_from = NULL"), execution_options={"across": True})
        self.house.database.recall = Recall()

    def again(self, page: Page) -> None:
        """Back to the module's home page, by its name at the top."""
        page.get_by_role("banner").get_by_role("link", name="Ressources").click()
        expect(page).to_have_url(f"{self.address}/ent/")


def door(page: Page, title: str) -> Locator:
    """The tile of the home page that begins with these words."""
    return page.get_by_role("main").get_by_role("link", name=re.compile(f"^{re.escape(title)}"))


def lines(page: Page) -> Locator:
    """The lines of the inbox."""
    return page.get_by_role("main").get_by_role("list").get_by_role("link")


# --- What others do meanwhile: in their own browsers ------------------------------------------------------------------


def open_questionnaire(portal: Portal, teacher: str = "Nathalie Collet", class_code: str = "6e B") -> Page:
    """A teacher opens the questionnaire for a class; the page is the one that counts."""
    page = portal.enter(teacher)
    door(page, "Enquête de vos classes").click()
    page.get_by_role("link", name="Ouvrir pour une classe").click()
    page.get_by_role("radio", name=class_code).check()
    page.get_by_role("radio", name="La vie ici").check()
    page.get_by_label("Nombre d’élèves de la classe").fill("24")
    page.get_by_role("checkbox", name="prévenues depuis dix jours").check()
    page.get_by_role("button", name="Ouvrir pour cette classe").click()
    expect(page.get_by_role("heading", name=class_code)).to_be_visible()
    return page


def answer_the_message(portal: Portal, text: str, listener: str = "Camille Rey") -> Page:
    """A listener opens the one message of the inbox and answers it."""
    page = portal.enter(listener)
    door(page, "Messages").click()
    lines(page).click()
    page.get_by_label("Répondre").fill(text)
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()
    return page


# --- What happened before a story begins: by the services that the pages call ----------------------------------------


def message_has_come(portal: Portal, uai: str, text: str, *, without: tuple[str, ...] = (), **chosen: Any) -> None:
    """A message without a name waits in that school, unread."""
    house = portal.house
    with house.database.writing() as db:
        school = establishments.by_uai(db, uai).id
        values: dict[str, Any] = {"about": "me", "danger": "no", "answer": "here-unnamed", **chosen}
        excluded = tuple(_account(portal, uai, name) for name in without)
        draft = Draft(Audience.PUPIL, message=text, without=excluded, **values)
        writer = Writer(school, Audience.PUPIL, "fr", "", ())
        writing.send(db, house.keys, writer, draft, secrets.token_bytes(16), datetime.now(UTC))


def _account(portal: Portal, uai: str, name: str) -> UUID:
    with portal.house.database.reading() as db:
        adults = identity.adults(db, establishments.by_uai(db, uai).id)
    return next(adult.id for adult in adults if adult.name == name)
