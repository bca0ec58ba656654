"""Serves on a free port of this machine: an application, as waitress does in production, or a bare handler."""

import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def open_port() -> tuple[socket.socket, str]:
    """A port that is ours from now on, and its address: for an application that must know its own."""
    taken = socket.create_server(("127.0.0.1", 0))
    return taken, f"http://127.0.0.1:{taken.getsockname()[1]}"


def with_slow_scripts(app: "WSGIApplication") -> "WSGIApplication":
    """The same answers; scripts come so many seconds late as `ENT_TESTS_SLOW_SCRIPTS` says.

    Not by a route of Playwright's, which would also switch off the browser's cache. It shows which tests, and which
    pages, rest on a script before it has come.
    """
    late = float(os.environ.get("ENT_TESTS_SLOW_SCRIPTS", "0"))

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith(".js"):
            time.sleep(late)
        return app(environ, start_response)

    return answer if late else app


@contextmanager
def serving(app: "WSGIApplication", port: socket.socket | None = None, threads: int = 4) -> Iterator[str]:
    """The address at which `app` answers inside the block."""
    taken = port or open_port()[0]
    # waitress gives one of two classes, and types neither's loop
    server: Any = create_server(
        with_slow_scripts(app), sockets=[taken], map={}, threads=threads, clear_untrusted_proxy_headers=True
    )
    ended, woken = threading.Event(), threading.Event()
    thread = threading.Thread(target=_loop, args=(server, ended, woken), name="served for a test")
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        ended.set()
        server.pull_trigger()
        woken.set()
        thread.join()


def _loop(server: Any, ended: threading.Event, woken: threading.Event) -> None:
    """Runs the server's loop and closes what it opened, all in one thread: waitress is not made for less.

    What wakes it is closed once it has been used: the loop may end by itself just before.
    """
    sockets = server._map
    while not ended.is_set():
        server.asyncore.loop(timeout=5, map=sockets, count=1)
    woken.wait()
    server.task_dispatcher.shutdown()
    for channel in list(sockets.values()):
        channel.close()


class Handler(BaseHTTPRequestHandler):
    """Answers as a test says (`hear`), without a word to the console."""

    def hear(self, form: dict[str, str] | None) -> None:
        """Answers a question, or a form that was sent."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self.hear(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.hear({name: values[0] for name, values in parse_qs(body).items()})

    def answer(self, status: int, body: bytes) -> None:
        """Sends JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Says nothing."""


@contextmanager
def handling(handler: type[Handler]) -> Iterator[str]:
    """The address at which that class answers inside the block, a thread for each request."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
