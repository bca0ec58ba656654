"""Keys: each opens its own texts in their own place and nothing else."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ent_module.help.model.codes import SEED
from ent_module.help.model.moves import Direction
from ent_module.help.sealing import (
    ConversationKey,
    DeskKey,
    Place,
    ReturnKey,
    ThreadKey,
    code_seed,
    form_nonce,
    new_form,
    request_digest,
    told_marker,
)
from ent_module.privacy import sealing
from ent_module.privacy.keys import MasterKey
from ent_module.privacy.sealing import UnsealError

KEYS = MasterKey(bytes(range(32)))
PLACE, EK = Place(uuid4(), uuid4()), bytes(range(32))
ROW = uuid4()
TEXT = {"text": "On me prend mon sac."}


def test_a_message_opens_again_where_it_was_written() -> None:
    thread = ConversationKey.fresh(PLACE, EK).thread
    assert thread.unseal(thread.seal(TEXT, ROW, Direction.IN, 1), ROW, Direction.IN, 1) == TEXT


def moves_in(thread: ThreadKey) -> list[str]:
    """Which moves of a ciphertext still open: it must be none."""
    sealed = thread.seal(TEXT, ROW, Direction.IN, 1)
    elsewhere = ThreadKey(Place(uuid4(), PLACE.conversation_id), thread.secret, EK)
    another = ThreadKey(Place(PLACE.establishment_id, uuid4()), thread.secret, EK)
    tries = {
        "another row": (thread, (uuid4(), Direction.IN, 1)),
        "another direction": (thread, (ROW, Direction.OUT, 1)),
        "another number": (thread, (ROW, Direction.IN, 2)),
        "another school": (elsewhere, (ROW, Direction.IN, 1)),
        "another conversation": (another, (ROW, Direction.IN, 1)),
    }
    found = []
    for name, (key, place) in tries.items():
        try:
            key.unseal(sealed, *place)
        except UnsealError:
            continue
        found.append(name)
    return found


def test_a_ciphertext_that_is_moved_no_longer_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = ConversationKey.fresh(PLACE, EK).thread
    assert moves_in(thread) == []
    # Control: without the place, moves within a conversation go unnoticed; the others need another key too.
    monkeypatch.setattr(ThreadKey, "_bound", lambda *_place: ())
    assert moves_in(thread) == ["another row", "another direction", "another number"]


def test_thread_notes_and_header_have_keys_of_their_own() -> None:
    key = ConversationKey.fresh(PLACE, EK)
    note = key.desk.seal(TEXT, ROW, 1)
    header = key.seal_header({"what": ["home"]})
    assert key.desk.unseal(note, ROW, 1) == TEXT
    assert key.unseal_header(header) == {"what": ["home"]}
    for secret in (key.thread.secret, key.secret):
        with pytest.raises(UnsealError):
            DeskKey(PLACE, secret).unseal(note, ROW, 1)
        with pytest.raises(UnsealError):
            sealing.unseal(secret, header, *PLACE.parts, b"header")
    assert len({key.secret, key.thread.secret, key.desk.secret}) == 3


def test_each_purpose_school_and_conversation_has_keys_of_its_own() -> None:
    """One secret, and whoever reads the program: no key of one purpose or place is that of another."""
    secret, school, conversation = bytes(range(32)), uuid4(), uuid4()
    places = [Place(school, conversation), Place(uuid4(), conversation), Place(school, uuid4())]
    places.append(Place(conversation, school))
    keys = [ConversationKey(place, secret, EK) for place in places]
    found = [derived for key in keys for derived in (key.thread.secret, key.desk.secret, key._header)]
    assert len(set(found)) == 3 * len(places)
    header, note = keys[0].seal_header(TEXT), keys[0].desk.seal(TEXT, ROW, 1)
    assert ConversationKey(places[0], secret, EK).unseal_header(header) == TEXT
    for other in keys[1:]:
        with pytest.raises(UnsealError):
            other.unseal_header(header)
        with pytest.raises(UnsealError):
            other.desk.unseal(note, ROW, 1)
    assert len({KEYS.derive(purpose, school.bytes) for purpose in ("help.listener", "help.told", "help.code")}) == 3


@given(st.binary(min_size=SEED, max_size=SEED), st.binary(min_size=SEED, max_size=SEED))
def test_a_code_opens_the_thread_of_its_school_only(seed: bytes, other: bytes) -> None:
    thread = ConversationKey.fresh(PLACE, EK).thread
    mine = ReturnKey.of(seed, PLACE.establishment_id)
    assert mine.unwrap(mine.wrap(thread), PLACE, EK) == thread
    for key in (ReturnKey.of(seed, uuid4()), *([] if seed == other else [ReturnKey.of(other, PLACE.establishment_id)])):
        assert key.lookup != mine.lookup
        with pytest.raises(UnsealError):
            key.unwrap(mine.wrap(thread), PLACE, EK)


def test_keys_do_not_show_themselves() -> None:
    key = ConversationKey.fresh(PLACE, EK)
    shown = repr([key, key.thread, key.desk, ReturnKey.of(bytes(SEED), PLACE.establishment_id)])
    for secret in (key.secret, key.thread.secret, key.desk.secret):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_a_form_belongs_to_one_session_and_one_purpose() -> None:
    token = new_form(KEYS, b"session", "write")
    assert form_nonce(KEYS, b"session", "write", token)
    altered = ("0" if token[0] != "0" else "1") + token[1:]
    for session, purpose, given_ in (
        (b"another", "write", token),
        (b"session", "reply", token),
        (b"session", "write", altered),
        (b"session", "write", token[:-2]),
        (b"session", "write", ""),
        (b"session", "write", "zz"),
    ):
        assert form_nonce(KEYS, session, purpose, given_) is None


def test_the_same_form_gives_the_same_code_and_another_form_another() -> None:
    school, content = uuid4(), {"message": "x"}
    seed = code_seed(KEYS, school, b"n", content)
    assert seed == code_seed(KEYS, school, b"n", {"message": "x"})
    others = [(school, b"m", content), (school, b"n", {"message": "y"}), (uuid4(), b"n", content)]
    assert seed not in [code_seed(KEYS, *other) for other in others]
    digest = request_digest(KEYS, school, b"n", content)
    assert digest not in [request_digest(KEYS, *other) for other in others]
    assert not digest.startswith(seed)


def test_the_sign_of_a_head_is_another_one_in_each_conversation() -> None:
    school, head = uuid4(), uuid4()
    signs = {told_marker(KEYS, school, head, uuid4()) for _turn in range(20)} | {
        told_marker(KEYS, school, uuid4(), ROW)
    }
    assert len(signs) == 21
