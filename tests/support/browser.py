"""Debian's chromium for the stories: how it starts, that it stays on this machine, and what axe says.

What does not belong here: stories and pages.
"""

import os
import shutil
from collections.abc import Iterable
from ctypes import CDLL
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

INSTALL = "apt-get install -y --no-install-recommends chromium libatomic1 fonts-dejavu-core fonts-noto-core"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A page that could not be reached is not tried again behind a test's back, which would count as wanted twice.
    "--disable-auto-reload",
    # No name outside this machine is found and no address reached. Not by a route of Playwright's, which
    # would also switch off the browser's cache, and with it what an immutable file does.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")


class ChromiumMissingError(Exception):
    """No chromium on this machine, or no library for Playwright's driver; names the command that installs them."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed: {INSTALL}")


def chromium() -> str:
    """The browser's program: $CHROMIUM, else the one on PATH. Raises ChromiumMissingError."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        raise ChromiumMissingError("chromium")
    try:
        CDLL("libatomic.so.1")  # the program that drives the browser is linked to it
    except OSError:
        raise ChromiumMissingError("libatomic1") from None
    return found


class Outside:
    """What pages wanted from outside this machine. None of it was given; the unexpected is a failure."""

    def __init__(self) -> None:
        self.wanted: list[str] = []
        self.expected: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Notes each request of the context's pages that leaves the machine."""
        context.on("request", self._note)

    def expect(self, start: str) -> None:
        """Lets a page ask for addresses that begin so: a quick exit leads outside, and is stopped there."""
        self.expected.append(start)

    def surprises(self) -> list[str]:
        """The addresses that no test expected."""
        return [url for url in self.wanted if not url.startswith(tuple(self.expected))]

    def _note(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOOPBACK:
            self.wanted.append(request.url)


def axe(page: Page, *, without: Iterable[str] = ()) -> None:
    """Fails with what axe-core finds on the page as it is now: WCAG 2.0, 2.1 and 2.2, levels A and AA.

    `without` names rules that this page may break: the reason stands beside the call. The script is evaluated
    by the debugger, so that the page's own policy stays as strict as it is.
    """
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    rules: dict[str, Any] = {"target-size": {"enabled": True}}  # off unless asked for, though it is a rule of 2.2
    rules |= {rule: {"enabled": False} for rule in without}
    page.evaluate(script)
    found = page.evaluate(
        # what passed is only counted: telling it all takes longer than finding it
        "async options => { const {passes, violations} = await axe.run(document, options);"
        " return {passed: passes.length, violations} }",
        {"runOnly": {"type": "tag", "values": list(WCAG)}, "rules": rules, "resultTypes": ["violations"]},
    )
    if not found["passed"]:
        raise AssertionError(f"axe saw nothing to check on {page.url}")
    if found["violations"]:
        raise AssertionError("\n".join([f"axe on {page.url}:", *map(_told, found["violations"])]))


def _told(violation: dict[str, Any]) -> str:
    """A violation as a person reads it: the rule, then each place with what to do."""
    lines = [f"  {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        summary = (node.get("failureSummary") or "").replace("\n", "\n        ")
        lines += [
            f"    {' '.join(map(str, node['target']))}",
            f"        {node['html']}",
            f"        {summary}",
        ]
    return "\n".join(lines)
