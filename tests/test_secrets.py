"""No answer holds a secret: no key, no digest, nothing that the database keeps as bytes, in any of its spellings."""

from base64 import b64encode, urlsafe_b64encode

import pytest
from sqlalchemy import LargeBinary, select

from ent_module.database import Base
from ent_module.privacy.keys import MasterKey
from tests.conftest import KEY
from tests.support.crawl import crawl
from tests.support.town import Browser, Town
from tests.test_every_endpoint import EVERYONE

SHORTEST = 10
"""Bytes of the shortest secret that there is: the seed of a return code."""
BESIDE = ("/me", "/lti/config.json", "/lti/jwks.json", "/healthz", "/readyz")


def spellings(secret: bytes) -> set[str]:
    found = {secret.hex(), secret.hex().upper(), b64encode(secret).decode(), urlsafe_b64encode(secret).decode()}
    return {one.rstrip("=") for one in found}


def secrets_of(town: Town, browser: Browser) -> set[str]:
    """What must not be told: the key, some of what is derived from it, this session's own, and all bytes in tables."""
    master = MasterKey(KEY)
    assert browser.session
    kept = {KEY, master.derive("key-check"), master.derive("csrf"), browser.session.secret}
    with town.house.database.reading() as db:
        for table in Base.metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    values = db.scalars(select(column), execution_options={"across": True})
                    kept |= {bytes(value) for value in values if value is not None}
    return {spelling for secret in kept if len(secret) >= SHORTEST for spelling in spellings(secret)}


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize("who", EVERYONE)
def test_no_answer_holds_a_secret(town: Town, who: str) -> None:
    browser = town.browser(who)
    answers = list(crawl(browser).items()) + [(path, browser.get(path).text) for path in BESIDE]
    hidden = secrets_of(town, browser)
    assert len(hidden) > 50  # control: the tables hold some
    for address, text in answers:
        assert not [one for one in hidden if one in text], address


@pytest.mark.usefixtures("life")
def test_a_secret_would_be_seen(town: Town) -> None:
    """Control: what is spelled out on a page is among what is looked for."""
    browser = town.browser("lina")
    page = f"<p>{KEY.hex()}</p><p>{urlsafe_b64encode(browser.session.secret).decode()}</p>" if browser.session else ""
    assert len({one for one in secrets_of(town, browser) if one in page}) == 2
