"""Addresses of our own pages, as templates ask for them."""

from typing import Any

import flask
from flask import request

from ent_module.web.house import house

MOST = 2_000
"""A proxy's prefix is part of an address: whoever could send any prefix must not fill the memory."""


class OfPage:
    """Builds the addresses of one page."""

    def __init__(self) -> None:
        self._built, self._root, self._here = house().addresses, request.script_root, request.blueprint

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Flask's own; an address without values is built once, since every page has a dozen of these."""
        return flask.url_for(endpoint, **values) if values else self.fixed(endpoint)

    def fixed(self, endpoint: str, **values: Any) -> str:
        """An address that many pages have: built once for each prefix."""
        if endpoint[0] == ".":  # of the room and side whose page this is
            endpoint = f"{self._here}{endpoint}"
        key = (self._root, endpoint, *values.values())
        address = self._built.get(key)  # once: another thread may empty the memory meanwhile
        if address is None:
            if len(self._built) >= MOST:
                self._built.clear()
            address = self._built[key] = flask.url_for(endpoint, **values)
        return address
