"""Whoever copies the whole machine while a survey is open: what custody in two shares keeps from them, and the simple
mode does not. And that nothing of the shares or the key stands anywhere."""

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import select, text

from ent_module.privacy import ballot_seal
from ent_module.privacy.key_store import KeyStore
from ent_module.privacy.keys import MasterKey
from ent_module.privacy.sealing import UnsealError
from ent_module.surveys.protocol import PublishedKeys
from ent_module.surveys.tables import Campaign, SealedBallot
from tests.support.database import every_byte
from tests.support.town import Town
from tests.surveys.campaign import CALM, HURT, end, fill, reread, started
from tests.surveys.shared import entrusted
from tools.attack.canaries import spellings

BALLOTS = {"6e B": [HURT] * 3 + [CALM] * 9}


def keys_in(blob: bytes, published: bytes) -> Iterator[EllipticCurvePrivateKey]:
    """The private key of that public one, wherever in these bytes it stands."""
    for start in range(len(blob) - 31):
        number = int.from_bytes(blob[start : start + 32], "big")
        if 0 < number < 2**256 - 2**224:  # about the order of the group
            found = ec.derive_private_key(number, ec.SECP256R1())
            if ballot_seal.point(found.public_key()) == published:
                yield found


def opened_by_a_copy(town: Town, campaign: Campaign) -> int:
    """How many ballots open to somebody who has the database, the key store and the master key."""
    settings = town.house.settings
    store = KeyStore(settings.resolved_key_store, MasterKey(settings.resolved_key_file.read_bytes()))
    folder = settings.resolved_key_store / campaign.id.hex
    found = [store.get(campaign.id, file.name) for file in folder.iterdir()]
    with town.house.database.reading() as db:
        ballots = db.scalars(select(SealedBallot).execution_options(across=True)).all()
        for row in db.execute(text("SELECT * FROM ent_campaign")):
            found += [bytes(value) for value in row if isinstance(value, bytes | memoryview)]
    published = PublishedKeys.read(reread(town, campaign).keys).sealing
    for key in (key for blob in found for key in keys_in(blob, published)):
        return sum(_opens(key, campaign, one) for one in ballots)
    return 0


def _opens(key: EllipticCurvePrivateKey, campaign: Campaign, ballot: SealedBallot) -> bool:
    bound_to = sha256(ballot.prepared).digest()
    try:
        return bool(ballot_seal.open_ballot(key, campaign.id, ballot.cohort_id, bound_to, ballot.sealed))
    except UnsealError:
        return False


@pytest.mark.parametrize("shared", [False, True])
def test_a_copy_of_the_machine_opens_every_ballot_in_the_simple_mode_and_none_with_two_shares(
    town: Town, shared: bool
) -> None:
    campaign = entrusted(town, "6e B").campaign if shared else started(town, "6e B")
    fill(town, campaign, BALLOTS)
    assert opened_by_a_copy(town, campaign) == (0 if shared else 12)
    end(town, campaign, datetime.now(UTC))
    assert opened_by_a_copy(town, campaign) == (0 if shared else 12)


def files_of(town: Town, since: float) -> bytes:
    """All files of the database, with its log, and of the key store."""
    with town.house.database.reading() as db:
        if db.get_bind().dialect.name == "sqlite":
            (name,) = (row.file for row in db.execute(text("PRAGMA database_list")) if row.name == "main")
            folders = list(Path(name).parent.glob(f"{Path(name).name}*"))
        else:
            data = Path(str(db.scalar(text("SHOW data_directory"))))
            mine = db.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
            folders = [*(data / "base" / str(mine)).iterdir(), *(data / "pg_wal").iterdir()]
    folders += town.house.settings.resolved_key_store.rglob("*")
    names = [str(one) for one in folders if one.is_file() and one.stat().st_mtime >= since]
    # not opened here: whoever closes a file of SQLite gives up the locks that this process has on it
    return subprocess.run(["cat", *names], capture_output=True, check=True).stdout


def test_neither_share_nor_key_stands_in_database_log_or_store(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    began = time.time() - 1
    made = entrusted(town, "6e B", "5e A")
    fill(town, made.campaign, {"6e B": [HURT] * 15, "5e A": [CALM] * 15})
    end(town, made.campaign, datetime.now(UTC) - timedelta(hours=1))
    address = f"/staff/surveys/campaigns/{made.campaign.id}/opening"
    head, found = town.browser("head"), [files_of(town, began)]
    assert head.post(address, {**made.typed, "phrase": "abeille " * 7}).status_code == 422
    assert head.post(address, made.typed).status_code == 303
    with town.house.database.reading() as db:
        found += [files_of(town, began), every_byte(db), "".join(capfd.readouterr()).encode()]
    private = made.key.private_numbers().private_value.to_bytes(32, "big")
    words = [" ".join(made.shares.phrase).encode(), "".join(made.shares.phrase).encode()]
    paper = [made.typed["paper"].encode(), made.typed["paper"].replace(" ", "").encode()]
    for number, place in enumerate(found):
        assert not [one for one in (*words, *paper) if one in place], number
        for secret in (private, made.shares.paper):
            assert not any(one in place for one in spellings(secret)), number
    assert made.campaign.wrapped is not None
    assert made.campaign.wrapped in found[0]  # control: what stands there is found
    assert b"ent_surveys_staff.count" in found[-1]
