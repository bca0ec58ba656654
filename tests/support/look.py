"""Looks at a page in the browser as a careful reader would: size, headings, language, targets, references, messages.

What does not belong here: axe (`browser.axe`), and which pages there are (`walks/`).
"""

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Page, ViewportSize

NARROW: ViewportSize = {"width": 320, "height": 700}
SCRIPTS = Path(__file__).parent / "scripts"

_LOOK = (SCRIPTS / "look.js").read_text(encoding="utf-8")
_TEXT = "parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
_USUAL, _TWICE = {"standard": 16, "fixed": 13}, {"standard": 32, "fixed": 26}


def look(page: Page, language: str = "") -> list[str]:
    """What is wrong with the page as it is now; `language` is the one it should be in, where that is known.

    Opens what can be opened, so that it is looked at too, here and by axe afterwards.
    Nothing wider than the screen; the page's language and direction; one h1, no level of headings left out; targets
    of 44 px at least (ours, more than the 24 of WCAG 2.5.8); no id twice, no label or link of the page leading nowhere.
    """
    return list(page.evaluate(_LOOK, {"what": "page", "language": language}))


def look_enlarged(page: Page) -> list[str]:
    """Text at 200 per cent (WCAG 1.4.4), by the reader's own setting: what is then too wide or cut off."""
    session = page.context.new_cdp_session(page)
    try:
        before = page.evaluate(_TEXT)
        session.send("Page.setFontSizes", {"fontSizes": _TWICE})
        after = page.evaluate(_TEXT)
        still = [f"has text of {after} px where the reader asks for twice {before} px"] if after < 2 * before else []
        return still + list(page.evaluate(_LOOK, {"what": "enlarged"}))
    finally:
        session.send("Page.setFontSizes", {"fontSizes": _USUAL})
        session.detach()


def look_without_colours(page: Page) -> list[str]:
    """In a context with forced colours: what had only its ground to show where it begins."""
    return list(page.evaluate(_LOOK, {"what": "colourless"}))


def _no_token(text: str, url: str) -> bool:
    return url.endswith("/token") and any(f"status of {status}" in text for status in (409, 410, 423))


class Messages:
    """What the browser complains about while pages are shown: errors of scripts, refusals by the page's own policy."""

    def __init__(self, page: Page) -> None:
        self._heard: list[tuple[str, str]] = []
        page.on("console", self._note)
        page.on("pageerror", self._raised)

    def taken(self, document: str = "") -> list[str]:
        """The complaints since the last time.

        Not that the document itself is an error page: which status it has is checked by itself. Nor that a pupil who
        comes too late is given no token: the script that asks for it shows why.
        """
        heard, self._heard = self._heard, []
        return [
            f"browser says: {text}"
            for text, url in heard
            if not (text.startswith("Failed to load resource") and (url == document or _no_token(text, url)))
        ]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append((message.text, message.location["url"]))

    def _raised(self, error: Error) -> None:
        self._heard.append((f"script stopped: {error.message}", ""))
