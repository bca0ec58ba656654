"""What a browser's script asks of the server, without a browser: a signature, and room for a ballot."""

import secrets

from werkzeug.test import TestResponse

from ent_module.surveys.tables import Campaign
from ent_module.web import csrf, sessions
from tests.support.town import Browser, Town


def blinded_token() -> bytes:
    """A number below every modulus of 3072 bits, as good as any that a browser blinds."""
    return secrets.token_bytes(383).rjust(384, b"\0")


def token(
    browser: Browser, campaign: Campaign, blinded: bytes | None = None, csrf_token: str | None = None
) -> TestResponse:
    """A pupil's browser asks for a signature."""
    if csrf_token is None:
        csrf_token = csrf.token(browser.town.house.keys, browser.session) if browser.session else ""
    return browser.client.post(
        f"/ent/surveys/{campaign.id}/token",
        data=blinded_token() if blinded is None else blinded,
        headers={"X-CSRF-Token": csrf_token, "Content-Type": "application/octet-stream"},
        buffered=True,
    )


def send(town: Town, campaign: Campaign, body: bytes, *, cookie: str = "", other: str = "") -> TestResponse:
    """A ballot arrives, as a rule without a cookie."""
    ours = f"{sessions.cookie_name(town.house.settings)}={cookie}" if cookie else ""
    return town.app.test_client(use_cookies=False).post(
        f"/ent-ballots/pool/{campaign.establishment_id}/{campaign.id}",
        data=body,
        headers={"Cookie": "; ".join(filter(None, (ours, other))), "Content-Type": "application/octet-stream"},
        buffered=True,
    )
