"""The applications that are measured: the module, and for each row a floor that does the least that could be done.

Each is made by a function without arguments, as WSGI servers want it (`tools.bench.apps:module`). What does not belong
here: who asks, and how often (clients.py), and what is in the database (filling.py).
"""

import html
import json
import os
import re
import sys
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask, jsonify, render_template, request
from sqlalchemy import Column, MetaData, String, Table, Text, insert, select
from werkzeug import Response

from ent_module.config import settings_from
from ent_module.database import make_database
from ent_module.extension import create_app
from ent_module.surveys.tables import ResultCell

FLOOR_TABLES = MetaData()
RECEIVED = Table("bench_received", FLOOR_TABLES, Column("id", String(32), primary_key=True), Column("data", Text))
GREETINGS = Table("bench_greeting", FLOOR_TABLES, Column("id", String(32), primary_key=True), Column("text", Text))
GREETED = "0"
PAGES = "BENCH_PAGES"
"""In the environment: the folder of the floor's template (`keep_as_template`)."""


def module() -> Flask:
    """The module itself, as `ent-module serve` has it."""
    return create_app(settings_from())


def module_without_gmpy2() -> Flask:
    """The same as where the extra `fast` is not installed. Raises RuntimeError where it is in use already."""
    if "ent_module.privacy.blind" in sys.modules:
        raise RuntimeError("what signs has been imported with gmpy2")
    sys.modules["gmpy2"] = None  # type: ignore[assignment]  # so that it cannot be imported
    return module()


def floor() -> Flask:
    """A bare Flask application on the same database, with the same engine settings."""
    app = Flask("floor", static_folder=None, template_folder=Path(os.environ[PAGES]))
    database = make_database(settings_from().resolved_database_url)

    @app.post("/survey")
    def survey() -> Response:
        with database.writing() as db:
            db.execute(insert(RECEIVED).values(id=uuid4().hex, data=json.dumps(request.form.to_dict(flat=False))))
        return Response(status=303, headers={"Location": "/"})

    @app.get("/home")
    def home() -> str:
        with database.reading() as db:
            text = db.scalar(select(GREETINGS.c.text).where(GREETINGS.c.id == GREETED))
        return render_template("home.html", text=text, said=said())

    @app.get("/results/<uuid:establishment_id>/<uuid:campaign_id>")
    def results(establishment_id: UUID, campaign_id: UUID) -> Response:
        of_campaign = (ResultCell.establishment_id == establishment_id, ResultCell.campaign_id == campaign_id)
        with database.reading() as db:
            rows = db.execute(select(ResultCell.item, ResultCell.choice, ResultCell.count).where(*of_campaign)).all()
        return jsonify([list(row) for row in rows])

    @app.get("/ent/<path:rest>")
    def page(rest: str) -> str:
        return rest

    @cache
    def said() -> list[str]:
        found: list[str] = json.loads(Path(os.environ[PAGES], "said.json").read_text("utf-8"))
        return found

    return app


def keep_as_template(page: str, folder: Path) -> None:
    """Writes the page as the floor's template, as long as the page is: its links are built by `url_for`, the texts of
    its main part are values, the rest stands as it is. Raises ValueError for a page that cannot be one.
    """
    said: list[str] = []

    def value(found: re.Match[str]) -> str:
        said.append(html.unescape(found[1]))
        return f">{{{{ said[{len(said) - 1}] }}}}<"

    before, main, after = re.split(r"(?s)(<main.*</main>)", page)
    if "{{" in page or "{%" in page:
        raise ValueError("the page looks like a template")
    made = before + re.sub(r">([^<>]*[^<>\s][^<>]*)<", value, main) + after
    made = re.sub(r'(?<==")/ent/([^"#]+)', lambda found: f"{{{{ url_for('page', rest='{found[1]}') }}}}", made)
    (folder / "home.html").write_text(made, "utf-8")
    (folder / "said.json").write_text(json.dumps(said), "utf-8")
