"""Keys that live for a time: for their owner alone, the first one stays, and a destroyed one is gone."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from ent_module.privacy.key_store import KeyStore, LostKeyError
from ent_module.privacy.keys import MasterKey


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "made" / "survey-keys", MasterKey(bytes(32)))


def test_nobody_else_may_look_into_the_folder(store: KeyStore, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        store.put(uuid4(), "tokens", b"secret")
    finally:
        os.umask(before)
    places = [tmp_path / "made" / "survey-keys", *(tmp_path / "made" / "survey-keys").rglob("*")]
    assert [f"{place.stat().st_mode & 0o777:o}" for place in places] == ["700", "700", "600"]


def test_the_first_secret_stays(store: KeyStore) -> None:
    owner = uuid4()
    assert store.put(owner, "seats", b"first") == store.put(owner, "seats", b"second") == b"first"


def test_only_what_is_ours_is_named_and_what_is_destroyed_is_gone(store: KeyStore, tmp_path: Path) -> None:
    assert store.owners() == []
    owner, other = uuid4(), uuid4()
    for one in (owner, other):
        store.put(one, "seats", b"secret")
    (tmp_path / "made" / "survey-keys" / "lost+found").mkdir()  # as in the root of a volume
    assert sorted(store.owners()) == sorted([owner, other])
    store.destroy(owner)
    store.destroy(owner)
    assert (store.owners(), store.holds(owner), store.get(other, "seats")) == ([other], False, b"secret")
    with pytest.raises(LostKeyError):
        store.get(owner, "seats")


def test_a_file_of_another_owner_or_installation_opens_nothing(store: KeyStore, tmp_path: Path) -> None:
    owner, other = uuid4(), uuid4()
    store.put(owner, "seats", b"secret")
    folder = tmp_path / "made" / "survey-keys"
    (folder / owner.hex).rename(folder / other.hex)
    with pytest.raises(LostKeyError):
        store.get(other, "seats")
    (folder / other.hex).rename(folder / owner.hex)
    with pytest.raises(LostKeyError):
        KeyStore(folder, MasterKey(bytes(31) + b"\1")).get(owner, "seats")
