"""The name of a portal is looked up within the one deadline of a call, by a resolver that knows none."""

import socket
import threading
import time

import pytest

from ent_module.sign_in import fetching
from ent_module.sign_in.fetching import FetchError, fetch_json


def test_a_name_server_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.3)
    awake, others = threading.Event(), set(threading.enumerate())

    def silent(_host: str, _port: int) -> list[str]:
        awake.wait(30)
        return ["127.0.0.1"]

    began = time.monotonic()
    with pytest.raises(FetchError, match="time"):
        fetch_json("http://localhost:1/keys", allow_local=True, resolve=silent)
    assert time.monotonic() - began < 15
    left = set(threading.enumerate()) - others
    assert left
    assert all(one.daemon for one in left), "none is waited for"
    awake.set()


def test_a_name_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 60)

    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(FetchError, match="unreachable"):
        fetch_json("http://localhost:1/keys", allow_local=True, resolve=unknown)
