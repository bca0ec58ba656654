"""Starts an application under a WSGI server, as an operator would, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THREADS, WORKERS = 4, 2
_PATIENCE, _STOPS_WITHIN = 60.0, 5.0
SERVERS: dict[str, tuple[str, ...]] = {
    "waitress": ("waitress-serve", "--listen=127.0.0.1:{port}", f"--threads={THREADS}", "--call"),
    "granian": (
        *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--workers", str(WORKERS)),
        *("--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error", "--factory"),
    ),
}
"""Both as operators run them on two processors: waitress is one process, granian one for each. The same for both sides
of a row."""


@contextmanager
def serving(server: str, application: str, settings: Mapping[str, str], log: Path) -> Iterator[int]:
    """Yields the port. Raises RuntimeError, with the end of the log, for a server that does not come up."""
    port = _free_port()
    program, *arguments = [part.format(port=port) for part in SERVERS[server]]
    command = [str(Path(sys.executable).with_name(program)), *arguments, f"tools.bench.apps:{application}"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment(settings), stdout=out, stderr=out, start_new_session=True)
        try:
            _wait(process, port, log)
            yield port
        finally:
            process.terminate()  # itself alone: granian ends its workers, and would miss those that were ended for it
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOPS_WITHIN)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(_PATIENCE)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process that runs this very tree, whichever is installed."""
    return {**os.environ, **settings, "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the server did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")
