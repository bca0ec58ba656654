"""Nothing that somebody wrote stands in the database as a digest that anybody can compute from a guess."""

import zlib
from base64 import b64encode
from hashlib import algorithms_guaranteed, new

from sqlalchemy import text

from tests.help.steps import code_on, opened, send, token_on
from tests.support.database import every_byte
from tests.support.town import Town

MESSAGE = "Ils m’attendent devant le gymnase."
REPLY = "C’est encore arrivé."


def digests(written: str) -> set[bytes]:
    """Every digest that Python knows, whole or cut to 16 bytes: as bytes, hexadecimal and base64, of some spellings."""
    found = set()
    for plain in {written, written.lower(), written.strip(".")}:
        given = plain.encode()
        made = {zlib.crc32(given).to_bytes(4, "big")}
        for name in algorithms_guaranteed - {"shake_128", "shake_256"}:
            made.add(new(name, given, usedforsecurity=False).digest())
        for digest in made | {one[:16] for one in made}:
            found |= {digest, digest.hex().encode(), b64encode(digest).rstrip(b"=")}
    return {one for one in found if len(one) >= 8}  # shorter ones stand anywhere by chance


def test_no_unkeyed_digest_of_what_was_written_is_kept(town: Town) -> None:
    lina = town.browser("lina")
    code = code_on(send(lina, message=MESSAGE, answer="here-named").text)
    thread = opened(lina, code)
    lina.post("/words/reply", {"token": token_on(thread.text), "code": code, "message": REPLY})
    opened(lina, "abeille " * 8)
    with town.house.database.reading() as db:
        held = every_byte(db)
    for written in (MESSAGE, REPLY, code, code.replace(" ", ""), "abeille " * 8, "Lina Morel"):
        assert not [one for one in digests(written) if one in held], written


def test_a_digest_would_be_seen(town: Town) -> None:
    """Control."""
    with town.house.database.writing() as db:
        db.execute(text("CREATE TABLE somewhere (said VARCHAR(100))"))
        digest = new("sha256", MESSAGE.encode()).hexdigest()
        db.execute(text("INSERT INTO somewhere VALUES (:said)"), {"said": digest})
    with town.house.database.reading() as db:
        assert [one for one in digests(MESSAGE) if one in every_byte(db)]
