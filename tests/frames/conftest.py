"""A browser without third-party cookies before a portal and the module, each on a site of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, FrameLocator, Page

from tests.conftest import SETTINGS, make_app
from tests.frames.sites import Sites, away, evil, portal, serving, without_partitions
from tests.hosts.pupil import plug
from tests.lti.platform import Platform, running
from tests.support.browser import Outside
from tests.support.patience import LOADS_WITHIN
from tests.support.town import Town

RULES = "--host-resolver-rules="
OURS = f"{RULES}MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What a browser keeps has nothing to do with the database."""
    return str(request.param)


@pytest.fixture(scope="module")
def strict_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Third-party cookies are phased out; names that end in `.test` are this machine."""
    flags = [flag for flag in browser_type_launch_args["args"] if not flag.startswith(RULES)]
    more = ["--test-third-party-cookie-phaseout", OURS]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": [*flags, *more]})
    yield browser
    browser.close()


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    with serving(tmp_path) as made:
        yield made


@dataclass
class Stage:
    """The town on a site of its own, framed by a portal on another."""

    town: Town
    sites: Sites
    context: BrowserContext

    def enter(self, who: str) -> Page:
        """Someone opens the portal's page, in which the module is framed."""
        page = self.context.new_page()
        page.goto(f"{self.sites.address('portal')}/as/{who}")
        return page

    def frame(self, page: Page) -> FrameLocator:
        return page.frame_locator("iframe[name=tool]")

    def at(self, name: str, path: str) -> str:
        return f"{self.sites.address(name)}{path}"

    def without_partitions(self) -> None:
        """From now on the browser knows no partitioned cookies."""
        self.sites.apps["ent"] = without_partitions(self.sites.apps["ent"])


@pytest.fixture
def stage(town: Town, database_url: str, work: Path, sites: Sites, strict_browser: Browser) -> Iterator[Stage]:
    address, exit_url = sites.address("ent"), f"{sites.address('away')}/"
    app = make_app(database_url, work, replace(SETTINGS, public_url=address, exit_url=exit_url, own_origin=True))
    served = replace(town, app=app, house=app.extensions["ent"])
    outside = Outside()
    for name in ("portal", "ent", "evil", "away"):
        outside.expect(sites.address(name))
    with running() as platform:
        _open(served, sites, platform)
        context = strict_browser.new_context(ignore_https_errors=True, locale="fr-FR")
        context.set_default_timeout(LOADS_WITHIN)
        outside.watch(context)
        yield Stage(served, sites, context)
        context.close()
    app.extensions["ent"].database.engine.dispose()
    assert outside.surprises() == []


def _open(town: Town, sites: Sites, platform: Platform) -> None:
    plug(town, platform, f"{sites.address('portal')}/auth")
    sites.apps["ent"] = town.app
    sites.apps["portal"] = portal(platform, sites.address("ent"))
    sites.apps["evil"] = evil(sites.address("ent"))
    sites.apps["away"] = away()
