"""Blind signatures against the official vectors, refusals, and faults that must not give the key away."""

import json
import secrets
from collections.abc import Iterator
from math import gcd
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    generate_private_key,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ent_module.privacy import blind
from ent_module.privacy.blind import BadBlindedMessageError, BlindSigner, SigningFaultError, verify
from tests.privacy import voter

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "rfc9474-vectors.json").read_text(encoding="utf-8"))
TOKEN = b"32 random bytes stand before this"
vectors = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return blind.generate()


@pytest.fixture(params=["gmpy2", "pure Python"])
def _powers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of raising to a power."""
    if request.param == "gmpy2":
        pytest.importorskip("gmpy2", reason="gmpy2 is not installed: make setup")
        assert blind._power is not pow
    else:
        monkeypatch.setattr(blind, "_power", pow)
        monkeypatch.setattr(blind, "_public_power", pow)
        monkeypatch.setattr(blind, "_integer", int)


def key_of(vector: dict[str, str]) -> RSAPrivateKey:
    p, q, d, e, n = (int(vector[name], 16) for name in ("p", "q", "d", "e", "n"))
    parts = rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q)
    return RSAPrivateNumbers(p, q, d, *parts, RSAPublicNumbers(e, n)).private_key()


def raw(vector: dict[str, str], name: str) -> bytes:
    return bytes.fromhex(vector[name].removeprefix("0x"))


@pytest.mark.usefixtures("_powers")
@vectors
def test_it_signs_as_the_standard_says(vector: dict[str, str]) -> None:
    assert BlindSigner(key_of(vector)).sign(raw(vector, "blinded_msg")) == raw(vector, "blind_sig")


def test_other_threads_go_on_while_it_signs(key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    gmpy2 = pytest.importorskip("gmpy2", reason="gmpy2 is not installed: make setup")
    power, beside = blind._power, []

    def watched(*numbers: Any) -> Any:
        beside.append(gmpy2.get_context().allow_release_gil)
        return power(*numbers)

    monkeypatch.setattr(blind, "_power", watched)
    BlindSigner(key).sign(TOKEN.rjust(blind.BITS // 8, b"\0"))
    assert beside == [True, True]
    assert not gmpy2.get_context().allow_release_gil


@vectors
def test_it_takes_the_standards_signatures_with_a_salt_of_48_bytes_only(vector: dict[str, str]) -> None:
    public = key_of(vector).public_key()
    ours = "PSSZERO" not in vector["name"]
    assert verify(public, raw(vector, "input_msg"), raw(vector, "sig")) is ours


@vectors
def test_the_client_of_these_tests_blinds_as_the_standard_says(vector: dict[str, str]) -> None:
    public = key_of(vector).public_key()
    made = voter.blind(public, raw(vector, "input_msg"), salt=raw(vector, "salt"), inverse=int(vector["inv"], 16))
    assert made.sent == raw(vector, "blinded_msg")
    assert voter.finish(public, made, raw(vector, "blind_sig")) == raw(vector, "sig")


@pytest.mark.usefixtures("_powers")
def test_a_token_goes_blind_through_the_signer_and_holds(key: RSAPrivateKey) -> None:
    made = voter.blind(key.public_key(), voter.prepare(TOKEN))
    signed = voter.finish(key.public_key(), made, BlindSigner(key).sign(made.sent))
    assert verify(key.public_key(), made.prepared, signed)


def test_signing_again_gives_the_same_answer(key: RSAPrivateKey) -> None:
    made = voter.blind(key.public_key(), voter.prepare(TOKEN))
    assert BlindSigner(key).sign(made.sent) == BlindSigner(key).sign(made.sent)


def test_another_message_signature_or_key_does_not_hold(key: RSAPrivateKey) -> None:
    made = voter.blind(key.public_key(), voter.prepare(TOKEN))
    answer = BlindSigner(key).sign(made.sent)
    signed = voter.finish(key.public_key(), made, answer)
    other = generate_private_key(65537, 2048).public_key()
    altered = bytes([signed[0], signed[1] ^ 1]) + signed[2:]
    for public, message, signature in (
        (key.public_key(), made.prepared + b"\0", signed),
        (key.public_key(), made.prepared, altered),
        (key.public_key(), made.prepared, answer),
        (key.public_key(), made.prepared, b""),
        (key.public_key(), made.prepared, signed[:-1]),
        (key.public_key(), made.prepared, b"\0" + signed),
        (other, made.prepared, signed),
    ):
        assert not verify(public, message, signature)


def test_a_salt_of_another_length_does_not_hold(key: RSAPrivateKey) -> None:
    public, prepared = key.public_key(), voter.prepare(TOKEN)
    for size in (0, 32, 64):
        made = voter.blind(public, prepared, salt_size=size)
        signed = voter.finish(public, made, BlindSigner(key).sign(made.sent))
        public.verify(signed, prepared, PSS(MGF1(SHA384()), size), SHA384())  # a good signature, of another kind
        assert not verify(public, prepared, signed)


def test_what_is_no_blinded_message_is_refused(key: RSAPrivateKey) -> None:
    numbers = key.private_numbers()
    n, size = numbers.public_numbers.n, 384
    for sent in (
        b"",
        bytes(383),
        bytes(size),
        secrets.token_bytes(size - 1),
        b"\0" + (5).to_bytes(size, "big"),
        n.to_bytes(size, "big"),
        (n + 1).to_bytes(size, "big"),
        b"\xff" * size,
        numbers.p.to_bytes(size, "big"),
        (7 * numbers.q).to_bytes(size, "big"),
    ):
        with pytest.raises(BadBlindedMessageError):
            BlindSigner(key).sign(sent)


class Fault:
    """A machine that reckons one of the two halves wrongly."""

    def __init__(self, key: RSAPrivateKey, half: str, kind: str) -> None:
        self.prime, self.kind = getattr(key.private_numbers(), half), kind
        self.power = blind._power

    def __call__(self, base: Any, exponent: Any, modulus: Any) -> Any:
        result = self.power(base, exponent, modulus)
        if modulus != self.prime:
            return result
        if self.kind == "stops":
            raise MemoryError("out of memory")
        return {"flips": result ^ (1 << 77), "zero": 0 * result}[self.kind]


@pytest.mark.usefixtures("_powers")
@pytest.mark.parametrize("half", ["p", "q"])
@pytest.mark.parametrize("kind", ["flips", "zero", "stops"])
def test_a_fault_never_leaves_the_signer(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch, half: str, kind: str
) -> None:
    made = voter.blind(key.public_key(), voter.prepare(TOKEN))
    signer = BlindSigner(key)
    monkeypatch.setattr(blind, "_power", Fault(key, half, kind))
    with pytest.raises(SigningFaultError) as caught:
        signer.sign(made.sent)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    frames = list(frames_of(caught.value.__traceback__))
    assert [frame["__name__"] for frame in frames][1:] == ["sign"]
    assert leak(key, made, [frame for frame in frames if frame["__name__"] == "sign"]) is None
    assert str(caught.value).isprintable()
    assert not any(letter.isdigit() for letter in str(caught.value))


@pytest.mark.parametrize("half", ["p", "q"])
def test_the_same_look_factors_the_key_of_a_signer_that_does_not_check(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    made = voter.blind(key.public_key(), voter.prepare(TOKEN))
    monkeypatch.setattr(blind, "_power", Fault(key, half, "flips"))
    for sign in (careless_answer, careless_report):
        with pytest.raises(SigningFaultError) as caught:
            sign(key, made.sent)
        found = leak(key, made, list(frames_of(caught.value.__traceback__))[1:])
        assert found in {key.private_numbers().p, key.private_numbers().q}


def careless_answer(key: RSAPrivateKey, sent: bytes) -> None:
    """Keeps the faulty signature at hand when it tells of the fault."""
    signature = halves(key, int.from_bytes(sent, "big"))
    raise SigningFaultError(f"wrong: {signature % 10}")


def careless_report(key: RSAPrivateKey, sent: bytes) -> None:
    """Keeps the numbers of the key at hand, in an object that an error reporter unfolds."""

    class Signer:
        numbers = None

    signer = Signer()
    signer.__dict__["primes"] = [key.private_numbers().p]
    del sent
    raise SigningFaultError("wrong")


def halves(key: RSAPrivateKey, message: int) -> int:
    """RSASP1 by its two halves, unchecked."""
    numbers = key.private_numbers()
    first = blind._power(message % numbers.p, numbers.dmp1, numbers.p)
    second = blind._power(message % numbers.q, numbers.dmq1, numbers.q)
    return int(second + numbers.q * (numbers.iqmp * (first - second) % numbers.p))


def frames_of(traceback: TracebackType | None) -> Iterator[dict[str, Any]]:
    """What an error reporter captures: the locals of each frame, and the function's name."""
    while traceback is not None:
        yield {**traceback.tb_frame.f_locals, "__name__": traceback.tb_frame.f_code.co_name}
        traceback = traceback.tb_next


def leak(key: RSAPrivateKey, made: voter.Blinded, captured: list[dict[str, Any]]) -> int | None:
    """What was captured of the key: a factor of the modulus or the exponent that signs. None where there is neither."""
    n = key.public_key().public_numbers().n
    message = int.from_bytes(made.sent, "big")
    for number in numbers_in(captured):
        if pow(2, number * blind.EXPONENT, n) == 2:
            return number
        tries = (number, pow(number, blind.EXPONENT, n) - message, pow(2, number * blind.EXPONENT, n) - 2)
        for candidate in tries:
            factor = gcd(candidate, n)
            if 1 < factor < n:
                return factor
    return None


def numbers_in(value: Any, depth: int = 6) -> Iterator[int]:
    """Each large number in a value, its texts, its bytes and whatever it holds."""
    if depth == 0 or isinstance(value, type):
        return
    if isinstance(value, bytes):
        yield int.from_bytes(value, "big")
    elif isinstance(value, str):
        yield from (int(word) for word in value.split() if word.isdigit() and len(word) > 20)
    elif hasattr(value, "__int__") and not isinstance(value, float):
        yield abs(int(value))
    elif isinstance(value, dict):
        for held in value.values():
            yield from numbers_in(held, depth - 1)
    elif isinstance(value, list | tuple | set):
        for held in value:
            yield from numbers_in(held, depth - 1)
    else:
        yield from numbers_in([*vars(value).values()] if hasattr(value, "__dict__") else [], depth - 1)
        yield from numbers_in(repr(value), depth - 1)


def test_keys_are_kept_and_published(key: RSAPrivateKey) -> None:
    assert key.key_size == 3072
    assert key.public_key().public_numbers().e == 65537
    assert blind.load(blind.dump(key)).private_numbers() == key.private_numbers()
    published = blind.modulus(key.public_key())
    assert len(published) == 384
    assert blind.public_key(published).public_numbers() == key.public_key().public_numbers()


def test_what_is_no_key_is_refused() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    for kept in (b"", b"no key", curve.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())):
        with pytest.raises(ValueError, match=r".+"):
            blind.load(kept)
    for published in (b"", bytes(384), b"\xff" * 256, b"\x7f" + b"\xff" * 383, b"\xff" * 385, b"\xff" * 383 + b"\xfe"):
        with pytest.raises(ValueError, match=r".+"):
            blind.public_key(published)


def test_the_signers_key_opens_nothing_to_a_reader_of_its_representation(key: RSAPrivateKey) -> None:
    made = voter.blind(key.public_key(), voter.prepare(TOKEN))
    assert leak(key, made, [{"signer": BlindSigner(key)}]) is None
    with pytest.raises(InvalidSignature):
        key.public_key().verify(made.sent, made.prepared, PSS(MGF1(SHA384()), 48), SHA384())
