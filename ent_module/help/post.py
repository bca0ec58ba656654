"""Letters to a mail server, one connection for a few of them. What a letter says comes from `wording.letters`."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit

from ent_module.config import Settings


class RefusedError(Exception):
    """The server will never take that letter: its address is none of anybody's."""


@dataclass(frozen=True)
class Letter:
    """One letter. The mark makes two of the same one recognisable to a mail program."""

    to: str
    subject: str
    text: str
    mark: bytes


class Post:
    """A mail server that answers."""

    def __init__(self, server: smtplib.SMTP, settings: Settings) -> None:
        self._server, self._settings = server, settings

    def send(self, letter: Letter) -> None:
        """Hands a letter over. Raises RefusedError where the server will not have it, OSError where it is gone."""
        made = EmailMessage()
        made["From"], made["To"] = self._settings.smtp_from, letter.to
        made["Subject"], made["Date"] = letter.subject, formatdate()
        made["Message-ID"] = f"<{letter.mark.hex()}@{urlsplit(self._settings.public_url).hostname}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(letter.text)
        try:
            self._server.send_message(made)
        except smtplib.SMTPRecipientsRefused as refused:
            code = max(code for code, _why in refused.recipients.values())
            if code >= _FOR_GOOD:
                raise RefusedError from None
            raise


_FOR_GOOD = 500
"""From here on a server's no is for good; below it means later."""


@contextmanager
def post(settings: Settings) -> Iterator[Post]:
    """A connection. Raises OSError (smtplib's errors are among them) where the server cannot be reached."""
    where, patience = (settings.smtp_host, settings.smtp_port), settings.smtp_timeout
    made = (
        smtplib.SMTP_SSL(*where, timeout=patience, context=ssl.create_default_context())
        if settings.smtp_security == "tls"
        else smtplib.SMTP(*where, timeout=patience)
    )
    with made as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield Post(server, settings)
