"""The applications that are measured: the module, and for each row a floor that does the least that could be done.

Each is made by a function without arguments, as WSGI servers want it (`tools.bench.apps:module`). What does not belong
here: who asks, and how often (clients.py), and what is in the database (filling.py).
"""

import json
import os
from pathlib import Path
from uuid import uuid4

from flask import Flask, render_template, request
from sqlalchemy import Column, MetaData, String, Table, Text, insert, select
from werkzeug import Response

from ent_module.config import settings_from
from ent_module.database import make_database
from ent_module.extension import create_app

FLOOR_TABLES = MetaData()
RECEIVED = Table("bench_received", FLOOR_TABLES, Column("id", String(32), primary_key=True), Column("data", Text))
GREETINGS = Table("bench_greeting", FLOOR_TABLES, Column("id", String(32), primary_key=True), Column("text", Text))
GREETED = "0"
PAGES = "BENCH_PAGES"
"""In the environment: the folder of the floor's template, which is as long as the page that it stands for."""


def module() -> Flask:
    """The module itself, as `ent-module serve` has it; its log is written to nowhere, as the floors have none."""
    return create_app(settings_from())


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
        return render_template("home.html", text=text)

    return app
