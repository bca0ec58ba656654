"""The client of blind signatures in a browser: official vectors, our signer, and Cloudflare's package both ways."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from playwright.sync_api import Error

from ent_module.privacy import blind
from ent_module.privacy.blind import BlindSigner, verify
from tests.surveys.client.conftest import Run

pytestmark = pytest.mark.browser

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "rfc9474-vectors.json").read_text(encoding="utf-8"))
OURS = 'const ours = await import("/ours/blind.js");'
SUITE = """
    const { RSABSSA } = await import("/theirs/index.js");
    const suite = RSABSSA.SHA384.PSS.Randomized();
    const given = { name: "RSA-PSS", hash: "SHA-384" };
    const key = (jwk, use) => crypto.subtle.importKey("jwk", jwk, given, true, [use]);
"""
BLIND = (
    OURS
    + """
    const made = await ours.blind({ n: toBytes(n), e: 65537 }, toBytes(prepared));
    return [toHex(made.blinded), toHex(made.unmask)];
"""
)
FINISH = (
    OURS + "return toHex(await ours.finish({ n: toBytes(n) }, toBytes(prepared), toBytes(unmask), toBytes(answer)));"
)
PREPARED = bytes(range(108))


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return blind.generate()


def n_of(key: RSAPrivateKey) -> str:
    return blind.modulus(key.public_key()).hex()


def jwk_of(key: RSAPrivateKey, *, private: bool) -> dict[str, str]:
    """The key as browsers read it."""
    numbers = key.private_numbers()
    named = {"n": numbers.public_numbers.n, "e": 65537}
    if private:
        named |= {"d": numbers.d, "p": numbers.p, "q": numbers.q}
        named |= {"dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    return {"kty": "RSA", **{name: base64(value) for name, value in named.items()}}


def base64(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode().rstrip("=")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_it_blinds_and_finishes_as_the_standard_says(run: Run, vector: dict[str, str]) -> None:
    n = int(vector["n"], 16)
    mask = pow(int(vector["inv"], 16), -1, n)
    hexadecimal = {name: vector[name].removeprefix("0x") for name in ("input_msg", "salt", "blind_sig", "n")}
    made = run(
        OURS
        + """
        const made = await ours.blindWith(toBytes(n), toBytes(input_msg), toBytes(salt), toBytes(mask));
        const length = toBytes(salt).length;
        const signature = await ours.finish(
          { n: toBytes(n) }, toBytes(input_msg), made.unmask, toBytes(blind_sig), length);
        return [made.blinded, made.unmask, signature].map(toHex);
        """,
        mask=mask.to_bytes(512, "big").hex(),
        **hexadecimal,
    )
    assert made == [vector[name].removeprefix("0x").rjust(1024, "0") for name in ("blinded_msg", "inv", "sig")]


def test_our_signer_signs_for_it(run: Run, key: RSAPrivateKey) -> None:
    blinded, unmask = run(BLIND, n=n_of(key), prepared=PREPARED.hex())
    answer = BlindSigner(key).sign(bytes.fromhex(blinded)).hex()
    signature = run(FINISH, n=n_of(key), prepared=PREPARED.hex(), unmask=unmask, answer=answer)
    assert verify(key.public_key(), PREPARED, bytes.fromhex(signature))


def test_each_blinding_is_new(run: Run, key: RSAPrivateKey) -> None:
    made = [run(BLIND, n=n_of(key), prepared=PREPARED.hex()) for _ in range(3)]
    assert len({str(blinded) for blinded in made}) == 3


def test_a_wrong_answer_is_refused(run: Run, key: RSAPrivateKey) -> None:
    blinded, unmask = run(BLIND, n=n_of(key), prepared=PREPARED.hex())
    answer = BlindSigner(key).sign(bytes.fromhex(blinded))
    for wrong in (
        answer[:-1] + bytes([answer[-1] ^ 1]),
        bytes(384),
        bytes.fromhex(blinded),
        BlindSigner(key).sign(b"\1" + bytes.fromhex(blinded)[1:]),
    ):
        with pytest.raises(Error, match="not a signature"):
            run(FINISH, n=n_of(key), prepared=PREPARED.hex(), unmask=unmask, answer=wrong.hex())
    with pytest.raises(Error, match="not a signature"):
        run(FINISH, n=n_of(key), prepared=(PREPARED + b"x").hex(), unmask=unmask, answer=answer.hex())


def test_only_a_key_of_3072_bits_and_65537_is_taken(run: Run, key: RSAPrivateKey) -> None:
    body = OURS + "await ours.blind({ n: toBytes(n), e }, toBytes(prepared)); return true;"
    good = n_of(key)
    assert run(body, n=good, e=65537, prepared=PREPARED.hex())
    small = n_of(generate_private_key(65537, 2048))
    for n, e in (
        (good, 3),
        (good, 65539),
        (good, "65537"),
        (small, 65537),
        (n_of(generate_private_key(65537, 4096)), 65537),
        ("00" * 128 + small, 65537),
        ("7f" + good[2:], 65537),
        (good[:-2] + "02", 65537),
        ("00" + good, 65537),
        ("", 65537),
    ):
        with pytest.raises(Error, match="not our kind of key"):
            run(body, n=n, e=e, prepared=PREPARED.hex())


@pytest.mark.usefixtures("blindrsa")
def test_cloudflares_client_is_signed_for_by_us(run: Run, key: RSAPrivateKey) -> None:
    prepared, blinded, inverse = run(
        SUITE
        + """
        const prepared = suite.prepare(toBytes(message));
        const { blindedMsg, inv } = await suite.blind(await key(jwk, "verify"), prepared);
        return [prepared, blindedMsg, inv].map(toHex);
        """,
        message=PREPARED.hex(),
        jwk=jwk_of(key, private=False),
    )
    answer = BlindSigner(key).sign(bytes.fromhex(blinded)).hex()
    signature = run(
        SUITE
        + """
        const all = [prepared, answer, inverse].map(toBytes);
        return toHex(await suite.finalize(await key(jwk, "verify"), ...all));
        """,
        jwk=jwk_of(key, private=False),
        prepared=prepared,
        answer=answer,
        inverse=inverse,
    )
    assert verify(key.public_key(), bytes.fromhex(prepared), bytes.fromhex(signature))


@pytest.mark.usefixtures("blindrsa")
def test_cloudflares_signer_signs_for_our_client(run: Run, key: RSAPrivateKey) -> None:
    blinded, unmask = run(BLIND, n=n_of(key), prepared=PREPARED.hex())
    answer = run(
        SUITE + 'return toHex(await suite.blindSign(await key(jwk, "sign"), toBytes(blinded)));',
        blinded=blinded,
        jwk=jwk_of(key, private=True),
    )
    assert bytes.fromhex(answer) == BlindSigner(key).sign(bytes.fromhex(blinded))
    signature = run(FINISH, n=n_of(key), prepared=PREPARED.hex(), unmask=unmask, answer=answer)
    holds = run(
        SUITE + 'return suite.verify(await key(jwk, "verify"), toBytes(signature), toBytes(prepared));',
        jwk=jwk_of(key, private=False),
        signature=signature,
        prepared=PREPARED.hex(),
    )
    assert holds is True
