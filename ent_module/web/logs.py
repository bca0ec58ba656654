"""Structured logs, one line a request: endpoint, status, milliseconds, request id. Never an address, never a text.

An entry of a URL table may be quiet: it leaves a line only where it fails.
"""

import logging
import sys
import time
from http import HTTPStatus
from typing import TextIO, cast

import structlog
from flask import Response, current_app, g, request

from ent_module.web import headers

_LOGGER = structlog.get_logger("ent")


class _StandardError:
    """Whatever standard error is when a line is written."""

    def write(self, line: str) -> None:
        sys.stderr.write(line)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logs() -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _StandardError())),
        cache_logger_on_first_use=True,
    )


def begin() -> None:
    """Marks the start of a request. The id is ours: one that came from outside could carry a text."""
    g.ent_request_id = f"{time.time_ns():x}"[-12:]
    g.ent_started = time.perf_counter()


def end(response: Response) -> Response:
    """Logs one of our requests."""
    if headers.is_ours() and not (request.endpoint or "").endswith(".static") and not _is_quiet(response):
        spent = (time.perf_counter() - g.get("ent_started", time.perf_counter())) * 1000
        _LOGGER.info(
            "request",
            endpoint=request.endpoint,
            method=request.method,
            status=response.status_code,
            ms=round(spent, 1),
            request_id=g.get("ent_request_id"),
        )
    return response


def _is_quiet(response: Response) -> bool:
    entry = current_app.extensions["ent"].declared.get(request.endpoint)
    return response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and getattr(entry, "quiet", False)
