"""What a run of the tests rests on: the server and the browser that it shares; and in CI nothing is skipped.

What does not belong here: applications, schools and people (tests/conftest.py).
"""

import os
from collections.abc import Generator

import pytest

from tests.support import postgres


def pytest_configure() -> None:
    """Before the workers start: whose run this is, for the server that they share."""
    os.environ.setdefault(postgres.OWNER, str(os.getpid()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test on PostgreSQL is known by its marker, however it got there."""
    for item in items:
        params = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
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
