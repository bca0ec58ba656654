"""A page of a browser that may import our scripts, and the package that they are measured against."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, send_from_directory
from flask.typing import ResponseReturnValue
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[3]
OURS = ROOT / "ent_module" / "surveys" / "static"
PACKAGE = Path("node_modules", "@cloudflare", "blindrsa-ts")
Run = Callable[..., Any]


def scripts() -> Flask:
    """Serves our scripts, the package's, and an empty page."""
    app = Flask("scripts", static_folder=None)

    @app.get("/")
    def page() -> str:
        return "<!doctype html><title>empty</title>"

    @app.get("/ours/<name>")
    def ours(name: str) -> ResponseReturnValue:
        return send_from_directory(OURS, name)

    @app.get("/theirs/<path:name>")
    def theirs(name: str) -> ResponseReturnValue:
        return send_from_directory(ROOT / PACKAGE / "lib" / "src", name)

    return app


@pytest.fixture
def blindrsa() -> None:
    """Skips where the package is not there as the lock file says."""
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"][PACKAGE.as_posix()]
    found = ROOT / PACKAGE / "package.json"
    if not found.is_file() or json.loads(found.read_text(encoding="utf-8"))["version"] != locked["version"]:
        pytest.skip("@cloudflare/blindrsa-ts is not installed: make setup (it runs `npm ci`)")


@pytest.fixture
def run(page: Page, serve: Callable[..., str]) -> Run:
    """`run(body, **given)`: what an async function with that body returns; bytes go in and come out as hexadecimal."""
    page.goto(serve(scripts()))

    def call(body: str, **given: object) -> Any:
        return page.evaluate(
            """async ([body, given]) => {
              const helpers = {
                toBytes: (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
                toHex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
              };
              const names = [...Object.keys(helpers), ...Object.keys(given)];
              const Async = (async () => {}).constructor;
              return new Async(...names, body)(...Object.values(helpers), ...Object.values(given));
            }""",
            [body, given],
        )

    return call
