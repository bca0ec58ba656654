"""A key in two shares: neither opens anything alone, and what was typed wrong is said where it is."""

import hashlib
import unicodedata
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from ent_module.privacy import custody
from ent_module.privacy.custody import COST, Cost, Shares

CHEAP = Cost(64, 1)
CAMPAIGN = uuid4()
FRENCH = [unicodedata.normalize("NFC", word) for word in Mnemonic("french").wordlist]
PHRASES = st.lists(st.sampled_from(FRENCH), min_size=7, max_size=7).map(tuple)
PAPERS = st.binary(min_size=32, max_size=32)


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def value(private: ec.EllipticCurvePrivateKey) -> int:
    return private.private_numbers().private_value


def test_the_cost_is_the_protocols_and_both_shares_open() -> None:
    assert Cost(262_144, 3) == COST
    private, shares = key(), custody.draw()
    wrapped = custody.wrap(private, shares, CAMPAIGN, COST)
    assert value(custody.unwrap(wrapped, shares, CAMPAIGN, COST)) == value(private)
    assert value(private).to_bytes(32, "big") not in wrapped
    assert shares.paper not in wrapped


def test_it_is_opened_by_whoever_reckons_as_the_protocol_says() -> None:
    """Apart from the module: KEK = HKDF(Argon2id(phrase, salt) ‖ B, campaign), aad = campaign ‖ sha256(pk)."""
    private, shares = key(), custody.draw()
    wrapped = custody.wrap(private, shares, CAMPAIGN, CHEAP)
    public, salt, nonce, sealed = wrapped[:65], wrapped[65:81], wrapped[81:93], wrapped[93:]
    bare = unicodedata.normalize("NFKD", " ".join(shares.phrase)).encode("ascii", "ignore")
    stretched = Argon2id(salt=salt, length=32, iterations=1, lanes=4, memory_cost=64).derive(bare)
    info = b"\0\0\0\x0dent-custody/1\0\0\0\x10" + CAMPAIGN.bytes
    kek = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(stretched + shares.paper)
    plain = AESGCM(kek).decrypt(nonce, sealed, CAMPAIGN.bytes + hashlib.sha256(public).digest())
    assert int.from_bytes(plain, "big") == value(private)


def test_one_share_of_two_opens_nothing_nor_do_both_elsewhere() -> None:
    shares, other = custody.draw(), custody.draw()
    wrapped = custody.wrap(key(), shares, CAMPAIGN, CHEAP)
    swapped = custody.wrap(key(), shares, CAMPAIGN, CHEAP)[:65] + wrapped[65:]
    for given_shares, campaign, blob in (
        (Shares(shares.phrase, other.paper), CAMPAIGN, wrapped),
        (Shares(other.phrase, shares.paper), CAMPAIGN, wrapped),
        (Shares(shares.phrase[::-1], shares.paper), CAMPAIGN, wrapped),
        (shares, uuid4(), wrapped),
        (shares, CAMPAIGN, swapped),
        (shares, CAMPAIGN, wrapped[:-1] + bytes((wrapped[-1] ^ 1,))),
    ):
        with pytest.raises(custody.WrongSharesError):
            custody.unwrap(blob, given_shares, campaign, CHEAP)
    with pytest.raises(ValueError, match="not a wrapped key"):
        custody.unwrap(wrapped[:-1], shares, CAMPAIGN, CHEAP)


def test_shares_are_drawn_anew_each_time_and_show_themselves_to_nobody() -> None:
    several = [custody.draw() for _time in range(20)]
    assert len({one.phrase for one in several}) == len({one.paper for one in several}) == 20
    assert all(len(one.phrase) == 7 and len(one.paper) == 32 and set(one.phrase) <= set(FRENCH) for one in several)
    assert several[0].phrase[0] not in repr(several[0])


@given(PHRASES, st.booleans(), st.sampled_from([" ", "\n", " - ", ", ", "  "]), st.booleans())
def test_a_phrase_is_read_however_it_was_typed(phrase: tuple[str, ...], whole: bool, between: str, loud: bool) -> None:
    typed = unicodedata.normalize("NFC" if whole else "NFD", between.join(phrase))
    bare = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode()
    for text in (typed, bare, typed.upper() if loud else f" {typed}. "):
        assert custody.read_phrase(text) == phrase


def test_a_mistyped_word_is_named_and_a_missing_one_counted() -> None:
    phrase = " ".join(FRENCH[:6])
    with pytest.raises(custody.UnreadPhraseError) as raised:
        custody.read_phrase(f"{phrase} Abielle")
    assert (raised.value.unknown, raised.value.count) == (("abielle",), 7)
    with pytest.raises(custody.UnreadPhraseError) as raised:
        custody.read_phrase(phrase)
    assert (raised.value.unknown, raised.value.count) == ((), 6)
    assert "abdiquer" not in repr(raised.value)


@given(PAPERS, st.sampled_from(["", " ", "\n", " - "]))
def test_a_paper_is_read_however_it_was_typed(paper: bytes, between: str) -> None:
    groups = custody.written_paper(paper).split()
    assert (len(groups), {len(one) for one in groups}) == (16, {4})
    text = between.join(groups)
    for typed in (text, text.lower(), text.replace("0", "o").replace("1", "l")):
        assert custody.read_paper(typed) == paper


@given(PAPERS, st.integers(0, 15), st.integers(0, 65_535))
def test_a_group_that_was_mistyped_is_named_nearly_always(paper: bytes, place: int, other: int) -> None:
    groups = custody.written_paper(paper).split()
    instead = custody.written_paper(other.to_bytes(2, "big") * 16).split()
    groups[place] = instead[(place + 1) % 16]  # right for another place
    wrong: tuple[int, ...] = (place + 1,)
    try:
        custody.read_paper(" ".join(groups))
    except custody.UnreadPaperError as error:
        wrong = error.wrong
    assert wrong == (place + 1,)


def test_of_all_single_mistakes_in_a_group_most_are_found() -> None:
    groups = custody.written_paper(bytes(range(32))).split()
    found = []
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    typed = [(spot, sign) for spot in range(4) for sign in signs if groups[0][spot] != sign]
    for spot, sign in typed:
        wrong = groups[0][:spot] + sign + groups[0][spot + 1 :]
        try:
            custody.read_paper(" ".join([wrong, *groups[1:]]))
        except custody.UnreadPaperError as error:
            found.append(error.wrong)
    assert set(found) == {(1,)}
    assert len(found) > 0.85 * len(typed)


def test_a_paper_cut_short_is_counted() -> None:
    with pytest.raises(custody.UnreadPaperError) as raised:
        custody.read_paper(custody.written_paper(bytes(32))[:-1])
    assert (raised.value.wrong, raised.value.count) == ((), 63)
