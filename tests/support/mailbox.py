"""A real mail server on this machine, for tests: the standard library's own, in a thread.

Python 3.12 has it no longer; aiosmtpd would take its place.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import asyncore
    import smtpd


@dataclass
class Mailbox:
    """What a server has taken, and whom it refuses."""

    port: int = 0
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and whole letter."""
    refused: set[str] = field(default_factory=set)

    @property
    def letters(self) -> list[EmailMessage]:
        """The letters, read."""
        return [message_from_bytes(one, policy=policy.default) for _to, one in self.raw]

    @property
    def recipients(self) -> list[str]:
        """To whom they went."""
        return [to for to, _letter in self.raw]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A server that takes mail until the block ends; then nobody listens on its port."""
    sockets: dict[Any, Any] = {}
    box, stopping = Mailbox(), threading.Event()

    class Channel(smtpd.SMTPChannel):
        def smtp_RCPT(self, arg: str) -> None:  # noqa: N802  # the library's name
            if any(f"<{one}>" in arg for one in box.refused):
                self.push("550 5.1.1 no such mailbox")
                return
            super().smtp_RCPT(arg)

    class Server(smtpd.SMTPServer):
        channel_class = Channel

        def process_message(
            self, peer: Any, mailfrom: str, rcpttos: list[str], data: bytes | str, **_more: Any
        ) -> None:
            del peer, mailfrom
            assert isinstance(data, bytes)
            box.raw.extend((to, data) for to in rcpttos)

    server = Server(("127.0.0.1", 0), ("", 0), map=sockets, decode_data=False)
    assert server.socket is not None
    box.port = server.socket.getsockname()[1]

    def run() -> None:
        while not stopping.is_set():
            asyncore.loop(timeout=0.02, map=sockets, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        stopping.set()
        thread.join()
        asyncore.close_all(map=sockets)
