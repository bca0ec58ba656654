"""Ballots sealed in a browser and opened by the program."""

from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Error

from ent_module.privacy.ballot_seal import SEALED_SIZE, open_ballot, point
from ent_module.privacy.sealing import UnsealError
from tests.surveys.client.conftest import Run

pytestmark = pytest.mark.browser

KEY = ec.generate_private_key(ec.SECP256R1())
CAMPAIGN, COHORT = uuid4(), uuid4()
TOKEN = bytes(range(108))
SEAL = """
    const { seal } = await import("/ours/seal.js");
    return toHex(await seal(...[point, campaign, cohort, prepared].map(toBytes), answers));
"""


def sealed(run: Run, answers: object, key: str = "", campaign: UUID = CAMPAIGN, prepared: bytes = TOKEN) -> bytes:
    made = run(
        SEAL,
        point=key or point(KEY.public_key()).hex(),
        campaign=campaign.hex,
        cohort=COHORT.hex,
        prepared=prepared.hex(),
        answers=answers,
    )
    return bytes.fromhex(made)


def test_what_the_browser_seals_opens_for_its_token_only(run: Run) -> None:
    made = sealed(run, {"couleur": ["bleu", "été", "أزرق"]})
    assert len(made) == SEALED_SIZE
    answers = open_ballot(KEY, CAMPAIGN, COHORT, sha256(TOKEN).digest(), made)
    assert answers == '{"couleur":["bleu","été","أزرق"]}'.encode()
    for campaign, cohort, prepared in (
        (uuid4(), COHORT, TOKEN),
        (CAMPAIGN, uuid4(), TOKEN),
        (CAMPAIGN, COHORT, TOKEN[:-1] + b"x"),
    ):
        with pytest.raises(UnsealError):
            open_ballot(KEY, campaign, cohort, sha256(prepared).digest(), made)


def test_blank_or_full_all_have_one_length(run: Run) -> None:
    longest = {"a": ["x" * (4_094 - len('{"a":[""]}'))]}
    for answers in ({}, {"a": ["b"]}, longest):
        made = sealed(run, answers)
        assert len(made) == SEALED_SIZE
        assert open_ballot(KEY, CAMPAIGN, COHORT, sha256(TOKEN).digest(), made).startswith(b"{")
    with pytest.raises(Error, match="too long"):
        sealed(run, {"a": [longest["a"][0] + "x"]})


def test_the_same_answers_never_look_alike(run: Run) -> None:
    first, second = sealed(run, {}), sealed(run, {})
    assert first[:65] != second[:65]
    assert sum(left == right for left, right in zip(first, second, strict=True)) < 80


def test_what_is_no_point_of_the_curve_is_refused(run: Run) -> None:
    good = point(KEY.public_key())
    for wrong in (bytes(65), good[:-1], good[:-1] + bytes([good[-1] ^ 1]), b"\4" + bytes(64)):
        with pytest.raises(Error):
            sealed(run, {}, key=wrong.hex() or "00")
