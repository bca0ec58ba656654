"""The tests' Keycloak is shared, answers, and leaves no Java behind, however its run ends."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests.support import keycloak
from tests.support.conftest import becomes, runs
from tests.support.keycloak import Keycloak

pytestmark = pytest.mark.keycloak


def processes(folder: Path) -> dict[str, int]:
    """The keeper and the server of that folder, found by their arguments."""
    found = {}
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        arguments = process.read_bytes().split(b"\0")
        if any(str(folder).encode() in argument for argument in arguments):
            is_java = arguments[0].endswith(b"java")
            found["server" if is_java else "keeper"] = int(process.parent.name)
    return found


def test_who_asks_twice_gets_the_same_server(keycloak_server: Keycloak) -> None:
    assert keycloak.keycloak() == keycloak_server
    assert requests.get(f"{keycloak_server.address}/realms/master", timeout=60).json()["realm"] == "master"


def test_java_ends_when_the_run_is_killed(owner: "subprocess.Popen[bytes]") -> None:
    address, folder = keycloak.start(owner.pid).address, keycloak.KEPT.place(owner.pid)
    server = processes(folder)["server"]
    assert runs(server)
    owner.kill()
    owner.wait()
    assert becomes(lambda: not runs(server) and not folder.exists(), 60)
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=5)


def test_java_ends_when_its_keeper_is_killed_and_the_next_run_sweeps(owner: "subprocess.Popen[bytes]") -> None:
    keycloak.start(owner.pid)
    folder = keycloak.KEPT.place(owner.pid)
    found = processes(folder)
    os.kill(found["keeper"], signal.SIGKILL)
    assert becomes(lambda: not runs(found["server"]), 60)
    assert folder.exists()
    keycloak.KEPT.sweep()
    assert not folder.exists()
