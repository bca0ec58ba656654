"""A real Keycloak for the tests, gone when they are.

One server serves a whole run (keeper.py). Its database is in its memory. Each test that changes something makes a realm
of its own from `tests/oidc/realm.json`.
"""

import json
import os
import secrets
import shutil
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.support import keeper

SERVER = keeper.ROOT / ".keycloak" / "server"
BUILT = keeper.ROOT / ".keycloak" / ".made-from"
REALM = keeper.ROOT / "tests" / "oidc" / "realm.json"
INSTALL = "make setup"
FACTORY = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
ADMIN = "tests"
PASSWORD = "mot-de-passe"  # of everybody in the realm
SECRET = "client-secret-of-the-tests"
CLIENT_ID = "ent-module"
KEPT = keeper.Kind(
    "Keycloak",
    "kc",
    "tests.support.keycloak_keeper",
    patience=180,
    settings={"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN},
)


class KeycloakMissingError(Exception):
    """No Java or no Keycloak on this machine; the message names the command that installs them."""

    def __init__(self) -> None:
        super().__init__(f"Keycloak or Java is not installed: {INSTALL}")


@dataclass(frozen=True)
class Keycloak:
    """The run's server."""

    address: str

    def realm(self, public_url: str, back_channel: str = "") -> "Realm":
        """A realm of one's own for a module at that address, with the cast of the tests in it."""
        realm = Realm(self.address, f"ent-{secrets.token_hex(4)}")
        text = REALM.read_text(encoding="utf-8")
        for name, value in (("REALM", realm.name), ("PUBLIC_URL", public_url), ("SECRET", SECRET)):
            text = text.replace(f"{{{name}}}", value)
        realm.admin("POST", "", json.loads(text), realm="")
        if back_channel:
            realm.tells_logouts_to(back_channel)
        return realm


@dataclass
class Realm:
    """One realm, by its administration API."""

    address: str
    name: str
    _token: tuple[str, float] = field(default=("", 0.0), repr=False)

    @property
    def issuer(self) -> str:
        return f"{self.address}/realms/{self.name}"

    def admin(self, method: str, path: str, body: Any = None, *, realm: str | None = None) -> Any:
        """Calls the administration API below the realm. Raises requests.HTTPError."""
        where = f"/{self.name if realm is None else realm}".rstrip("/")
        answer = requests.request(
            method,
            f"{self.address}/admin/realms{where}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._admin_token()}"},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def user_id(self, name: str) -> str:
        """The subject of a user."""
        return str(self.admin("GET", f"/users?exact=true&username={name}")[0]["id"])

    def group_id(self, path: str) -> str:
        return str(self.admin("GET", f"/group-by-path{path}")["id"])

    def makes_group(self, above: str, name: str) -> str:
        """A new group below another; returns its path."""
        self.admin("POST", f"/groups/{self.group_id(above)}/children", {"name": name})
        return f"{above}/{name}"

    def joins(self, name: str, path: str) -> None:
        """Puts a user into a group."""
        self.admin("PUT", f"/users/{self.user_id(name)}/groups/{self.group_id(path)}")

    def leaves(self, name: str, path: str) -> None:
        """Takes a user out of a group."""
        self.admin("DELETE", f"/users/{self.user_id(name)}/groups/{self.group_id(path)}")

    def signs_out(self, name: str) -> None:
        """Ends every session of a user, as an administrator does: Keycloak tells its clients."""
        self.admin("POST", f"/users/{self.user_id(name)}/logout")

    def tells_logouts_to(self, address: str) -> None:
        """Sets where the client hears of logouts."""
        self._change_client(attributes={"backchannel.logout.url": address})

    def _change_client(self, *, attributes: dict[str, str]) -> None:
        client = self.admin("GET", f"/clients?clientId={CLIENT_ID}")[0]
        client["attributes"] |= attributes
        self.admin("PUT", f"/clients/{client['id']}", client)

    def _admin_token(self) -> str:
        token, until = self._token
        if time.monotonic() > until:
            form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": ADMIN}
            address = f"{self.address}/realms/master/protocol/openid-connect/token"
            answer = requests.post(address, data=form, timeout=60)
            answer.raise_for_status()
            token = answer.json()["access_token"]
            self._token = token, time.monotonic() + 30
        return token


def keycloak() -> Keycloak:
    """The run's server, started if nobody has asked before. Raises KeycloakMissingError."""
    return start(keeper.owner())


def start(owner: int) -> Keycloak:
    """The server that lives as long as the process `owner`. Raises KeycloakMissingError."""
    if not BUILT.exists() or not SERVER.exists() or not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise KeycloakMissingError
    folder = KEPT.running(owner, _prepare)
    return Keycloak((folder / "address").read_text(encoding="utf-8"))


def _prepare(folder: Path) -> list[str]:
    """Makes a Keycloak's home of links to the installed one. Returns where it says that it is well, and its command."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    for name in ("conf", "lib", "providers", "themes"):
        (home / name).symlink_to(SERVER / name)
    port, management = _free_ports()
    (folder / "address").write_text(f"http://127.0.0.1:{port}", encoding="utf-8")
    return [f"http://127.0.0.1:{management}/health/ready", *_command(home, port, management)]


def _command(home: Path, port: int, management: int) -> list[str]:
    """What starts Java, as Keycloak's own script does; but that stays beside Java, which would outlive it.

    What the server writes goes to `home`, nothing into the checkout.
    """
    opened = ("java.util", "java.util.concurrent", "java.security", "java.lang")
    return [
        str(Path(os.environ["JAVA_HOME"]) / "bin" / "java") if os.environ.get("JAVA_HOME") else "java",
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1",  # it lives too short for the best code
        *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opened),
        f"-Dkc.home.dir={home}",
        f"-Djboss.server.config.dir={home / 'conf'}",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={FACTORY}",
        f"-Djava.io.tmpdir={home}",
        "-Dpicocli.disable.closures=true",
        "-cp",
        str(home / "lib" / "quarkus-run.jar"),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
        *("start", "--optimized", "--http-enabled=true", "--hostname-strict=false", "--log-level=warn"),
        *("--http-host=127.0.0.1", f"--http-port={port}"),
        *("--http-management-host=127.0.0.1", f"--http-management-port={management}"),
    ]


def _free_ports() -> tuple[int, int]:
    """Two ports that nobody has at this moment: Java cannot be handed an open one."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
