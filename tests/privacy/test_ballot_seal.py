"""A sealed ballot opens for its campaign, cohort and token only, and tells nothing by its length."""

from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.privacy.ballot_seal import LONGEST, PLAIN_SIZE, SEALED_SIZE, open_ballot, point, public_key, seal
from ent_module.privacy.sealing import UnsealError

KEY = ec.generate_private_key(ec.SECP256R1())
CAMPAIGN, COHORT = uuid4(), uuid4()
TOKEN = sha256(b"a token").digest()
ANSWERS = '{"colour":["bleu","été"]}'.encode()


def sealed(answers: bytes = ANSWERS, digest: bytes = TOKEN) -> bytes:
    return seal(KEY.public_key(), CAMPAIGN, COHORT, digest, answers)


@settings(max_examples=30)
@given(st.binary(max_size=LONGEST))
def test_what_was_sealed_opens_and_all_have_one_length(answers: bytes) -> None:
    made = sealed(answers)
    assert len(made) == SEALED_SIZE == 4_177
    assert open_ballot(KEY, CAMPAIGN, COHORT, TOKEN, made) == answers


def test_it_opens_nowhere_else() -> None:
    made, other = sealed(), ec.generate_private_key(ec.SECP256R1())
    copied = sha256(b"the token of somebody who copies a ballot").digest()
    for key, campaign, cohort, digest in (
        (other, CAMPAIGN, COHORT, TOKEN),
        (KEY, uuid4(), COHORT, TOKEN),
        (KEY, CAMPAIGN, uuid4(), TOKEN),
        (KEY, COHORT, CAMPAIGN, TOKEN),
        (KEY, CAMPAIGN, COHORT, copied),
    ):
        with pytest.raises(UnsealError):
            open_ballot(key, campaign, cohort, digest, made)


@settings(max_examples=50)
@given(st.integers(min_value=0, max_value=SEALED_SIZE - 1), st.integers(min_value=1, max_value=255))
def test_altered_it_does_not_open(place: int, change: int) -> None:
    altered = bytearray(sealed())
    altered[place] ^= change
    with pytest.raises(UnsealError):
        open_ballot(KEY, CAMPAIGN, COHORT, TOKEN, bytes(altered))


def test_another_length_or_filling_is_no_ballot() -> None:
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    place = b"ent-seal/1" + CAMPAIGN.bytes + COHORT.bytes + TOKEN

    def made(plain: bytes) -> bytes:
        return suite.encrypt(plain, KEY.public_key(), info=place)

    good = b"\0\2{}".ljust(PLAIN_SIZE, b"\0")
    assert open_ballot(KEY, CAMPAIGN, COHORT, TOKEN, made(good)) == b"{}"
    whole = made(good)
    for ballot in (
        b"",
        whole[:-1],
        whole + b"\0",
        made(good[:-1]),
        made(b"\0\2{}".ljust(PLAIN_SIZE, b" ")),
        made(good[:-1] + b"x"),
        made(b"\xff\xff".ljust(PLAIN_SIZE, b"x")),
        made((PLAIN_SIZE - 1).to_bytes(2, "big").ljust(PLAIN_SIZE, b"x")),
    ):
        with pytest.raises(UnsealError):
            open_ballot(KEY, CAMPAIGN, COHORT, TOKEN, ballot)


def test_too_many_answers_are_refused_and_a_digest_is_a_digest() -> None:
    with pytest.raises(ValueError, match="too long"):
        sealed(b"x" * (LONGEST + 1))
    with pytest.raises(ValueError, match="32 bytes"):
        sealed(digest=b"short")


def test_two_seals_of_the_same_answers_share_nothing_of_note() -> None:
    first, second = sealed(), sealed()
    assert sum(left == right for left, right in zip(first, second, strict=True)) < 80


def test_the_key_is_published_as_65_bytes() -> None:
    published = point(KEY.public_key())
    assert len(published) == 65
    assert published[0] == 4
    again = seal(public_key(published), CAMPAIGN, COHORT, TOKEN, b"{}")
    assert open_ballot(KEY, CAMPAIGN, COHORT, TOKEN, again) == b"{}"
    for wrong in (b"", bytes(65), published[:-1], published[:-1] + bytes([published[-1] ^ 1])):
        with pytest.raises(ValueError, match=r".+"):
            public_key(wrong)


def test_the_place_is_spelt_as_the_protocol_says() -> None:
    campaign, cohort = UUID(int=1), UUID(int=2)
    made = seal(KEY.public_key(), campaign, cohort, TOKEN, b"{}")
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    place = b"ent-seal/1" + bytes(15) + b"\1" + bytes(15) + b"\2" + TOKEN
    assert suite.decrypt(made, KEY, info=place) == b"\0\2{}" + bytes(PLAIN_SIZE - 4)
