"""A host that speaks German and Polish by its own Flask-Babel, whose catalogue also knows words of ours."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template, request
from flask_babel import Babel, get_locale, get_timezone, gettext
from jinja2 import DictLoader

from tests.hosts.bare import Install

WORDS = {
    "de": {"Menu": "Speisekarte", "Quitter vite": "HOST", "Aller au contenu": "HOST"},
    "pl": {"Menu": "Jadłospis", "Quitter vite": "HOST", "Aller au contenu": "HOST"},
}


def make(install: Install, folder: Path, *, babel_first: bool, with_jinja: bool = True) -> Flask:
    """The host; its Babel comes before or after the module, and may leave its templates alone."""
    app = Flask("speaking_host")
    for language, words in WORDS.items():
        _write(folder / language / "LC_MESSAGES", words)
    app.jinja_loader = DictLoader({"front.html": "{{ _('Menu') }} {{ language }} {{ zone }}"})
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)

    @app.before_request
    def _early() -> None:
        gettext("Menu")  # chooses the request's language before anybody else does

    @app.get("/")
    def front() -> str:
        if with_jinja:
            return render_template("front.html", language=get_locale(), zone=get_timezone())
        return f"{gettext('Menu')} {get_locale()} {get_timezone()}"

    babel = Babel(configure_jinja=with_jinja)
    if not babel_first:
        install(app)
    babel.init_app(app, default_locale="de", default_timezone="Asia/Tokyo", locale_selector=_selected)
    if babel_first:
        install(app)
    return app


def _selected() -> str | None:
    return request.args.get("speak")


def _write(folder: Path, words: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    catalogue = Catalog()
    for word, said in words.items():
        catalogue.add(word, said)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
