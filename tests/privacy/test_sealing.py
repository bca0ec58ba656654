import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ent_module.privacy.keys import framed
from ent_module.privacy.sealing import SIZES, UnsealError, pad, private_key, seal, unpad, unseal, unwrap, wrap

KEY = bytes(32)


@given(st.text(max_size=2000), st.lists(st.binary(max_size=20), max_size=4))
def test_what_was_sealed_opens_in_its_place(text: str, place: list[bytes]) -> None:
    assert unseal(KEY, seal(KEY, {"text": text}, *place), *place) == {"text": text}


def test_moved_to_another_row_or_school_it_does_not_open() -> None:
    sealed = seal(KEY, "bonjour", b"school-1", b"row-1")
    for place in ((b"school-2", b"row-1"), (b"school-1", b"row-2"), (b"school-1row-1",), (b"row-1", b"school-1"), ()):
        with pytest.raises(UnsealError):
            unseal(KEY, sealed, *place)


def test_altered_or_under_another_key_it_does_not_open() -> None:
    sealed = bytearray(seal(KEY, "bonjour", b"a"))
    with pytest.raises(UnsealError):
        unseal(bytes([1]) * 32, bytes(sealed), b"a")
    sealed[-1] ^= 1
    with pytest.raises(UnsealError):
        unseal(KEY, bytes(sealed), b"a")


def test_two_seals_of_one_text_differ() -> None:
    assert seal(KEY, "bonjour") != seal(KEY, "bonjour")


@given(st.integers(min_value=0, max_value=1_900))
def test_length_tells_nothing_among_short_messages(length: int) -> None:
    assert len(seal(KEY, "x" * length)) == len(seal(KEY, ""))


@given(st.binary(max_size=SIZES[-1] - 4))
def test_padding_comes_off(plain: bytes) -> None:
    assert len(pad(plain)) in SIZES
    assert unpad(pad(plain)) == plain


def test_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        seal(KEY, "x" * 40_000)


def test_a_wrapped_key_opens_for_its_holder_and_place_only() -> None:
    lina, other = X25519PrivateKey.generate(), private_key(bytes(range(32)))
    wrapped = wrap(KEY, lina.public_key(), b"school", b"conversation")
    assert unwrap(wrapped, lina, b"school", b"conversation") == KEY
    with pytest.raises(UnsealError):
        unwrap(wrapped, other, b"school", b"conversation")
    with pytest.raises(UnsealError):
        unwrap(wrapped, lina, b"school", b"another")


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_framing_never_confuses_two_lists(first: list[bytes], second: list[bytes]) -> None:
    assert (framed(*first) == framed(*second)) == (first == second)
