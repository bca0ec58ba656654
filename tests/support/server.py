"""Serves an application on a free port of this machine, as waitress serves it in production."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def open_port() -> tuple[socket.socket, str]:
    """A port that is ours from now on, and its address: for an application that must know its own."""
    taken = socket.create_server(("127.0.0.1", 0))
    return taken, f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def serving(app: "WSGIApplication", port: socket.socket | None = None, threads: int = 4) -> Iterator[str]:
    """The address at which `app` answers inside the block."""
    taken = port or open_port()[0]
    # waitress gives one of two classes, and types neither's loop
    server: Any = create_server(app, sockets=[taken], map={}, threads=threads, clear_untrusted_proxy_headers=True)
    ended = threading.Event()
    thread = threading.Thread(target=_loop, args=(server, ended), name="served for a test")
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        ended.set()
        server.pull_trigger()
        thread.join()


def _loop(server: Any, ended: threading.Event) -> None:
    """Runs the server's loop and closes what it opened, all in one thread: waitress is not made for less."""
    sockets = server._map
    while not ended.is_set():
        server.asyncore.loop(timeout=5, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    for channel in list(sockets.values()):
        channel.close()
