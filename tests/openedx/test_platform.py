"""Open edX's code by itself: it begins a launch, answers a tool's redirect with a signed token, and refuses."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import KeySet

from tests.support.openedx import OpenEdx, RefusedError

pytestmark = pytest.mark.openedx

LOGIN, LAUNCH = "https://tool.example/ent/lti/login", "https://tool.example/ent/lti/launch"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def redirect(platform: dict[str, str], preflight: str, **changed: str) -> str:
    """The address to which a tool sends the browser back, by OpenID Connect's implicit flow."""
    begun = {name: values[0] for name, values in parse_qs(urlsplit(preflight).query).items()}
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": begun["client_id"],
        "redirect_uri": LAUNCH,
        "login_hint": begun["login_hint"],
        "lti_message_hint": begun["lti_message_hint"],
        "state": "a-state",
        "nonce": "a-nonce",
    }
    return f"{platform['auth_url']}?{urlencode(query | changed)}"


def opened(token: str, keys: Any) -> jwt.Token:
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])


def test_a_launch_from_beginning_to_end(open_edx: OpenEdx) -> None:
    platform = open_edx.register(LOGIN, LAUNCH)
    preflight = open_edx.preflight(
        "pupil-1", "student", name="Lina Morel", context_id="6b", context_title="6e B", context_type=["course_section"]
    )
    assert preflight.startswith(f"{LOGIN}?")
    begun = parse_qs(urlsplit(preflight).query)
    assert begun["iss"] == [platform["issuer"]]
    assert begun["target_link_uri"] == [LAUNCH]

    action, form = open_edx.launch(redirect(platform, preflight))
    assert action == LAUNCH
    assert form["state"] == "a-state"
    keys = requests.get(platform["jwks_url"], timeout=60).json()
    token = opened(form["id_token"], keys)
    assert token.header["kid"] == keys["keys"][0]["kid"]
    claims = token.claims
    assert claims["nonce"] == "a-nonce"
    assert claims["iss"] == platform["issuer"]
    assert claims["aud"] == claims["azp"] == platform["client_id"]
    assert claims["sub"] == "pupil-1"
    assert claims["name"] == "Lina Morel"
    assert claims[f"{CLAIM}deployment_id"] == platform["deployment_id"]
    assert claims[f"{CLAIM}target_link_uri"] == LAUNCH
    assert claims[f"{CLAIM}resource_link"] == {"id": "menu"}
    assert claims[f"{CLAIM}context"]["title"] == "6e B"
    assert "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner" in claims[f"{CLAIM}roles"]


def test_without_a_role_the_list_is_empty(open_edx: OpenEdx) -> None:
    platform = open_edx.register(LOGIN, LAUNCH)
    _action, form = open_edx.launch(redirect(platform, open_edx.preflight("guest-1", None)))
    assert opened(form["id_token"], open_edx.jwks()).claims[f"{CLAIM}roles"] == []


def test_custom_parameters_arrive(open_edx: OpenEdx) -> None:
    platform = open_edx.register(LOGIN, LAUNCH)
    preflight = open_edx.preflight("teacher-1", "instructor", custom_parameters={"uai": "0590001B"})
    _action, form = open_edx.launch(redirect(platform, preflight))
    assert opened(form["id_token"], open_edx.jwks()).claims[f"{CLAIM}custom"] == {"uai": "0590001B"}


def test_a_deep_linking_request(open_edx: OpenEdx) -> None:
    back = "https://edx.example/back"
    platform = open_edx.register(LOGIN, LAUNCH, deep_linking_return_url=back)
    preflight = open_edx.preflight("teacher-1", "instructor", message_type="LtiDeepLinkingRequest")
    _action, form = open_edx.launch(redirect(platform, preflight))
    claims = opened(form["id_token"], open_edx.jwks()).claims
    assert claims[f"{CLAIM}message_type"] == "LtiDeepLinkingRequest"
    assert claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"]["deep_link_return_url"] == back


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"redirect_uri": "https://evil.example/"}, "PreflightRequestValidationFailure"),
        ({"client_id": "another"}, "PreflightRequestValidationFailure"),
        ({"nonce": ""}, "PreflightRequestValidationFailure"),
        ({"lti_message_hint": "never-begun"}, "LookupError"),
        ({"login_hint": "someone-else"}, "LookupError"),
    ],
)
def test_it_refuses_what_it_did_not_ask_for(open_edx: OpenEdx, changed: dict[str, str], kind: str) -> None:
    platform = open_edx.register(LOGIN, LAUNCH)
    asked = parse_qs(urlsplit(redirect(platform, open_edx.preflight("pupil-1", "student"), **changed)).query)
    query = {name: values[0] for name, values in asked.items()}
    with pytest.raises(RefusedError) as refused:
        open_edx.launch(query)
    assert refused.value.kind == kind


def test_after_a_rotation_only_the_new_key_is_known(open_edx: OpenEdx) -> None:
    platform = open_edx.register(LOGIN, LAUNCH)
    old = open_edx.jwks()
    kid = open_edx.rotate()
    _action, form = open_edx.launch(redirect(platform, open_edx.preflight("pupil-1", "student")))
    with pytest.raises((BadSignatureError, InvalidKeyIdError, ValueError)):
        opened(form["id_token"], old)
    assert opened(form["id_token"], open_edx.jwks()).header["kid"] == kid
