"""What a run of the tests rests on: the server and the browser that it shares; and in CI nothing is skipped.

What does not belong here: applications, schools and people (tests/conftest.py).
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import BrowserContext

from tests.support import browser, keeper, keycloak, openedx, patience, postgres, server

# No test is timed: a busy machine is slow, not wrong.
settings.register_profile("ours", deadline=None, database=None)
settings.load_profile("ours")


def pytest_configure() -> None:
    """Before the workers start: whose run this is, for the server that they share."""
    keeper.owner()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test on PostgreSQL is known by its marker, however it got there."""
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if params.get("backend") == "postgresql":
            item.add_marker("postgresql")


def _refuse_skip(report: pytest.CollectReport | pytest.TestReport) -> None:
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"With CI=true nothing may be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself fails in CI."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So does a file that skips itself."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def postgres_cluster() -> postgres.Cluster:
    """The run's PostgreSQL server."""
    try:
        return postgres.cluster()
    except postgres.PostgresMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def open_edx() -> Iterator[openedx.OpenEdx]:
    """Open edX's real LTI 1.3 code, with no tool registered yet; each test registers its own."""
    try:
        with openedx.running() as platform:
            yield platform
    except openedx.OpenEdxMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def keycloak_server() -> keycloak.Keycloak:
    """The run's Keycloak; each test makes realms of its own in it."""
    try:
        return keycloak.keycloak()
    except keycloak.KeycloakMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """No test is ahead of the page that it looks at."""
    with patience.patient_hands():
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's browser instead of one that Playwright would download."""
    try:
        path = browser.chromium()
    except browser.ChromiumMissingError as missing:
        pytest.skip(str(missing))
    return {**browser_type_launch_args, "executable_path": path, "args": list(browser.FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser of a family in France."""
    place = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}
    return {**browser_context_args, **place}


@pytest.fixture
def outside() -> Iterator[browser.Outside]:
    """What pages wanted from outside this machine; the test fails for what it did not expect."""
    outside = browser.Outside()
    yield outside
    assert outside.surprises() == [], "a page asked for something outside this machine"


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext], outside: browser.Outside) -> Callable[..., BrowserContext]:
    """Makes another browser, with its own cookies; `context` and `page` come from here too."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(patience.LOADS_WITHIN)
        outside.watch(context)
        return context

    return make


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """`serve(app)` answers at the address that it returns, until the test ends."""
    with ExitStack() as stack:
        yield lambda app, port=None: stack.enter_context(server.serving(app, port))
