"""Our own static files, under a path that carries their revision, so that they may be kept for ever."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
from flask import Response, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from ent_module.web.addresses import OfPage

_PACKAGE = Path(str(files("ent_module")))
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
_FONT_FILES = ("AtkinsonHyperlegible-Regular.ttf", "AtkinsonHyperlegible-Bold.ttf")


def _folder(room: str) -> Path:
    return _FONTS if room == "fonts" else _PACKAGE / room / "static"


@cache
def revision() -> str:
    """Twelve digits of a digest over every static file of every room."""
    digest = sha256()
    for path in sorted(_PACKAGE.glob("*/static/**/*")):
        if path.is_file():
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(page: OfPage, path: str) -> str:
    """Address of a static file, written `<room>/<file>`, as that page has it."""
    return page.fixed("ent_web.static", revision=revision(), path=path)


def serve_static(_db: Any, _person: Any, revision: str, path: str) -> Response:
    """The file, kept for ever where the revision is ours, else only until the next visit."""
    room, _slash, name = path.partition("/")
    if safe_join("/", room) != f"/{room}" or (room == "fonts" and name not in _FONT_FILES):
        raise NotFound
    response = send_from_directory(_folder(room), name)
    current = revision == globals()["revision"]()
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
