"""Reading claims: whatever a platform signs, the answer is a launch or a refusal, never a fault of ours."""

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ent_module.lti.model import Launch, RefusedLaunch, launch_of
from ent_module.lti.tokens import key_name
from tests.lti.platform import CLIENT_ID, ISSUER, Platform

NOW = 1_800_000_000
_PLAIN = Platform().claims("the-nonce") | {"iat": NOW, "exp": NOW + 60}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def read(**changed: Any) -> Launch:
    claims = Platform().claims("the-nonce", **{"iat": NOW, "exp": NOW + 60, **changed})
    return launch_of(claims, issuer=ISSUER, client_id=CLIENT_ID, nonce="the-nonce", now=NOW)


@settings(deadline=None)
@given(st.sampled_from(sorted(_PLAIN)), _JSON)
def test_any_value_of_any_claim(name: str, value: Any) -> None:
    try:
        launch = launch_of({**_PLAIN, name: value}, issuer=ISSUER, client_id=CLIENT_ID, nonce="the-nonce", now=NOW)
    except RefusedLaunch:
        return
    for text in (launch.subject, launch.deployment, launch.name, *launch.classes, *(launch.uais or ())):
        assert text.isprintable()
        text.encode()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["profile", "uai", "classes", "other"]), _JSON))
def test_any_custom_parameters(custom: dict[str, Any]) -> None:
    try:
        launch = read(custom=custom)
    except RefusedLaunch:
        return
    assert len(launch.classes) <= 30
    assert all(len(uai) == 8 for uai in launch.uais or ())


@settings(deadline=None)
@given(st.text(string.ascii_letters + string.digits + "-_.", max_size=200) | st.text(max_size=60))
def test_any_text_as_a_token(token: str) -> None:
    with pytest.raises(RefusedLaunch):
        key_name(token)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({}, "Lina Morel"),
        ({"name": ""}, "Lina Morel"),
        ({"name": None, "given_name": None}, "Morel"),
        ({"name": "  Lina\u202e \x00 Mo\nrel "}, "Lina Mo rel"),
        ({"name": "L" * 500}, "L" * 200),
        ({"name": None, "given_name": None, "family_name": None}, ""),
    ],
)
def test_the_name(changed: dict[str, Any], name: str) -> None:
    assert read(**changed).name == name


def test_classes_stand_between_semicolons() -> None:
    assert read(custom={"classes": " 6e  B ;5e A;;6e B; \x07"}).classes == ("6e B", "5e A")
    assert read(custom={"classes": "$Context.title"}).classes == ()


def test_schools_stand_between_semicolons_or_commas() -> None:
    assert read(custom={"uai": "0590001b, 0590002C;0590001B;x"}).uais == ("0590001B", "0590002C")
    assert read(custom={"uai": "x"}).uais == ()
    assert read(custom={}).uais is None


@pytest.mark.parametrize(("seconds", "accepted"), [(0, True), (59, True), (61, False)])
def test_clocks_may_differ_by_a_minute(seconds: int, accepted: bool) -> None:
    for times in ({"exp": NOW - seconds, "iat": NOW - 300}, {"iat": NOW + seconds}, {"nbf": NOW + seconds}):
        if accepted:
            assert read(**times).subject
        else:
            with pytest.raises(RefusedLaunch, match="time"):
                read(**times)
