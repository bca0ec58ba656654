"""Return codes: 80 bits in eight words, written in any of our languages and read back loosely."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.help import codes
from ent_module.help.model.codes import SEED, decode, encode
from ent_module.languages import LANGUAGES
from ent_module.privacy.typed import folded, typed_words

SEEDS = st.binary(min_size=SEED, max_size=SEED)
ORDER = [*LANGUAGES]
SPOKEN = st.sampled_from(ORDER)
_ARABIC_SIGNS = "\u064b\u064e\u064f\u0650\u0651\u0652"


def test_the_lists_have_no_mistake() -> None:
    assert [str(mistake) for mistake in codes.check_content()] == []


def test_a_code_carries_eighty_bits() -> None:
    assert SEED * 8 == 80
    assert all(len(set(map(folded, codes.word_list(language)))) == 1024 for language in ORDER)


@given(SEEDS, SPOKEN)
def test_a_code_is_read_back_in_the_language_in_which_it_was_shown(seed: bytes, language: str) -> None:
    words = codes.written(seed, language)
    assert len(words) == 8
    assert codes.seeds(" ".join(words))[ORDER.index(language)] == seed


@given(SEEDS, SPOKEN, st.sampled_from([str.upper, str.title, str.lower]), st.sampled_from([" ", "-", ", ", "\n3. "]))
def test_case_and_separators_do_not_count(seed: bytes, language: str, case: object, separator: str) -> None:
    typed = separator.join(map(case, codes.written(seed, language)))  # type: ignore[call-overload]  # str methods
    assert codes.seeds(typed)[ORDER.index(language)] == seed


@given(SEEDS)
def test_accents_do_not_count(seed: bytes) -> None:
    words = " ".join(codes.written(seed, "fr"))
    bare = "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c)).replace("œ", "oe")
    assert codes.seeds(bare)[0] == seed


@given(SEEDS, st.data())
def test_arabic_vowel_signs_and_hamza_do_not_count(seed: bytes, data: st.DataObject) -> None:
    signed = "".join(
        letter + (data.draw(st.sampled_from(["", *_ARABIC_SIGNS])) if letter.isalpha() else "")
        for letter in " ".join(codes.written(seed, "ar"))
    )
    loose = signed.translate(str.maketrans("أإآؤئةى", "اااويهي"))
    assert codes.seeds(signed)[2] == codes.seeds(loose)[2] == seed


@given(st.text(max_size=60))
def test_what_is_no_code_is_no_code(text: str) -> None:
    if len(typed_words(text)) != 8:
        assert codes.seeds(text) == [None, None, None]


def test_a_word_that_no_list_holds_is_named() -> None:
    assert codes.unknown_words("abeille xyzzyx arc")[:1] == ["xyzzyx"]
    assert codes.unknown_words("ABEILLE abri") == []


def test_sizes_are_checked() -> None:
    with pytest.raises(ValueError, match="10 bytes"):
        encode(bytes(9), codes.word_list("fr"))
    assert decode(["abeille"] * 8, {"abeille": 0}) == bytes(SEED)
    assert decode(["abeille"] * 7, {"abeille": 0}) is None
    assert decode(["abeille"] * 7 + ["abri"], {"abeille": 0}) is None
