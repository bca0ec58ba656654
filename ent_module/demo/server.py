"""The portal and the module behind one address, and the town put into the module's database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from ent_module.config import Settings
from ent_module.database import make_database
from ent_module.demo.folder import take
from ent_module.demo.past import remember
from ent_module.demo.platform import Platform, load_key
from ent_module.demo.portal import make_portal
from ent_module.demo.town import settle
from ent_module.extension import create_app
from ent_module.migrations.run import upgrade_to_head
from ent_module.web.house import House

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class Demo:
    """What `make run` serves."""

    wsgi: Wsgi
    module: Flask


def make_demo(data_dir: Path, port: int, *, with_past: bool = False) -> Demo:
    """The demo on that port of this machine, with its data in that folder; with a past, if it is settled anew.

    Raises ForeignFolderError for a folder that is not the demo's.
    """
    take(data_dir)
    address = f"http://127.0.0.1:{port}"
    settings = Settings(public_url=address, data_dir=data_dir, allow_local_portals=True, desk_second_factor=False)
    # Before the module opens it, so that the key and the database know each other from the first start on.
    database = make_database(settings.resolved_database_url)
    upgrade_to_head(database.engine)
    database.engine.dispose()
    module = create_app(settings)
    house: House = module.extensions["ent"]
    prefix = f"{address}{settings.url_prefix}"
    platform = Platform(
        issuer=address,
        key=load_key(data_dir / "portal.pem"),
        redirect_uri=f"{prefix}/lti/launch",
        target=f"{prefix}/",
    )
    if settle(house, platform) and with_past:
        remember(house)
    portal = make_portal(platform, f"{prefix}/lti/login", data_dir / "portal.secret")
    return Demo(_beside(portal, module, settings.url_prefix), module)


def _beside(portal: Flask, module: Flask, prefix: str) -> Wsgi:
    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        ours = path == prefix or path.startswith((f"{prefix}/", f"{prefix}-"))
        return (module if ours else portal)(environ, start_response)

    return serve
