"""Takes the README's pictures: each person's page in the demo, as it is today.

Run: `.venv/bin/python -m tools.pictures`; then look at each of them.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ent_module.demo.server import make_demo
from tests.browser.stories.portal import Portal, door, open_questionnaire
from tests.support import browser, server

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SIZE = {"width": 900, "height": 720}
LARGEST = 120_000
"""Bytes of a picture: the README is read on slow lines too."""


def _home(name: str, portal: Portal) -> Page:
    page = portal.enter(name)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def _pupil(portal: Portal) -> Page:
    open_questionnaire(portal)
    return _home("Léo Bertin", portal)


def _ecole(portal: Portal) -> Page:
    page = _home("Noa Lambert", portal)
    door(page, "Parler à un adulte").click()
    expect(page.get_by_role("link", name="Un adulte vient me voir")).to_be_visible()
    return page


def _teacher(portal: Portal) -> Page:
    page = _home("Samuel Ortiz", portal)
    door(page, "Séances").click()
    page.get_by_role("link", name="Je vais chercher un adulte").click()
    with page.context.expect_page() as notes:
        page.get_by_role("link", name="Ouvrir mes notes").click()
    for number in (2, 3):
        notes.value.get_by_role("link", name="Écran suivant").click()
        expect(notes.value).to_have_url(re.compile(f"/{number}$"))
    return notes.value


def _psychologist(portal: Portal) -> Page:
    page = _home("Camille Rey", portal)
    door(page, "Messages").click()
    expect(page.get_by_role("heading", level=1, name="Messages")).to_be_visible()
    return page


def _head(portal: Portal) -> Page:
    page = _home("Bruno Tessier", portal)
    door(page, "Enquête et résultats").click()
    page.get_by_role("heading", level=2).get_by_role("link").click()
    expect(page.get_by_role("table").first).to_be_visible()
    return page


def _admin(portal: Portal) -> Page:
    page = _home("Yann Le Goff", portal)
    door(page, "Réglages de l’établissement").click()
    expect(page.get_by_role("heading", level=1, name="Réglages de l’établissement")).to_be_visible()
    return page


PICTURES: dict[str, Callable[[Portal], Page]] = {
    "pupil": _pupil,
    "ecole": _ecole,
    "teacher": _teacher,
    "psychologist": _psychologist,
    "head": _head,
    "admin": _admin,
    "parent": partial(_home, "Marc Bertin"),
}


def take(chromium: Browser, portal: Portal) -> None:
    """Writes every picture. Raises ValueError for one that is too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, arrive in PICTURES.items():
        page = arrive(portal)
        page.mouse.move(0, 0)
        picture = page.screenshot(animations="disabled", caret="hide")
        if len(picture) > LARGEST:
            raise ValueError(f"{name}.png has {len(picture)} bytes, more than {LARGEST}")
        (FOLDER / f"{name}.png").write_bytes(picture)
        print(f"{name}.png: {len(picture)} bytes")
        for context in chromium.contexts:
            context.close()


def main() -> None:
    """Settles a town with its past in a folder that is thrown away, and goes round it."""
    expect.set_options(timeout=30_000)
    port, address = server.open_port()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = make_demo(Path(folder) / "demo", port.getsockname()[1], with_past=True)
        chromium = playwright.chromium.launch(executable_path=browser.chromium(), args=list(browser.FLAGS))
        place = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce", "device_scale_factor": 1}

        def new_context(**options: Any) -> BrowserContext:
            return chromium.new_context(**{**options, **place, "viewport": SIZE})

        house = demo.module.extensions["ent"]
        with server.serving(demo.wsgi, port):
            take(chromium, Portal(address, house, new_context))
        chromium.close()
        house.database.engine.dispose()


if __name__ == "__main__":
    main()
