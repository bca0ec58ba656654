"""Addresses of our own pages, as templates ask for them."""

from typing import Any

import flask
from flask import request

from ent_module.web.house import house

MOST = 2_000
"""A proxy's prefix is part of an address: whoever could send any prefix must not fill the memory."""


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's own; an address without values is built once, since every page has a dozen of these."""
    return flask.url_for(endpoint, **values) if values else fixed(endpoint)


def fixed(endpoint: str, **values: Any) -> str:
    """An address that many pages have: built once for each prefix."""
    if endpoint.startswith("."):  # of the room and side whose page this is
        endpoint = f"{request.blueprint}{endpoint}"
    built = house().addresses
    key = (request.script_root, endpoint, *values.values())
    if key not in built:
        if len(built) >= MOST:
            built.clear()
        built[key] = flask.url_for(endpoint, **values)
    return built[key]
