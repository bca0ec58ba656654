"""Messages, each a faultless one with a few claims changed: 1EdTech's certification cases (as public test suites
transcribe them), what libraries were seen to accept or refuse wrongly, and what strict reading refuses besides.
"""

from typing import Any

from tests.lti.platform import ABSENT, CLIENT_ID, CONTEXT_ROLE, FromNow

MEMBER = CONTEXT_ROLE
LONG = "x" * 256
NUL, SURROGATE = "a\x00b", "a\ud800b"
AS = {
    "teacher": {"sub": "subject-alba", "name": "Alba Costa", "roles": [f"{MEMBER}Instructor"]},
    "pupil": {"sub": "subject-lina", "name": "Lina Morel", "roles": [f"{MEMBER}Learner"]},
}
CERTIFIED_BAD: dict[str, dict[str, Any]] = {
    "version 11.3": {"version": "11.3"},
    "no version": {"version": ABSENT},
    "aud, iss, sub, deployment and roles missing": dict.fromkeys(
        ("aud", "iss", "sub", "deployment_id", "roles"), ABSENT
    ),
    "old times": {"iat": 11111, "exp": 22222},
    **{
        f"no {name}": {name: ABSENT}
        for name in ("message_type", "roles", "deployment_id", "resource_link", "sub", "aud", "iss")
    },
}
WRONGLY_ACCEPTED: dict[str, dict[str, Any]] = {
    "no exp": {"exp": ABSENT},
    "no iat": {"iat": ABSENT},
    "no nonce": {"nonce": ABSENT},
    "nonce of nobody": {"nonce": "0" * 43},
    "several audiences without azp": {"aud": [CLIENT_ID, "other"]},
    "several audiences, foreign azp": {"aud": [CLIENT_ID, "other"], "azp": "other"},
    "foreign azp": {"azp": "other"},
    "null azp": {"azp": None},
    "no target": {"target_link_uri": ABSENT},
    "foreign target": {"target_link_uri": "https://evil.example/ent/"},
    "roles as text": {"roles": f"{MEMBER}Instructor"},
    "long sub": {"sub": LONG},
    "long deployment": {"deployment_id": LONG},
    "long resource link": {"resource_link": {"id": LONG}},
    "long context": {"context": {"id": LONG}},
}
STRICT: dict[str, dict[str, Any]] = {
    "wrong audience": {"aud": "other"},
    "no audience": {"aud": []},
    "audience of numbers": {"aud": [CLIENT_ID, 1], "azp": CLIENT_ID},
    "audience as object": {"aud": {CLIENT_ID: True}},
    "other issuer": {"iss": "https://moodle.example/"},
    "issuer list": {"iss": ["https://moodle.example"]},
    "expired": {"exp": FromNow(-300)},
    "issued in the future": {"iat": FromNow(600), "exp": FromNow(900)},
    "not yet": {"nbf": FromNow(600)},
    "exp as text": {"exp": FromNow(60, as_text=True)},
    "exp true": {"exp": True},
    "iat true": {"iat": True},
    "exp never": {"exp": float("inf")},
    "exp no number": {"exp": float("nan")},
    "exp huge": {"exp": 10**400},
    "nbf null": {"nbf": None},
    "nonce as number": {"nonce": 1},
    "nonce not ascii": {"nonce": "é"},
    "sub as number": {"sub": 12},
    "sub empty": {"sub": ""},
    "sub with NUL": {"sub": NUL},
    "sub with a half character": {"sub": SURROGATE},
    "deployment unknown": {"deployment_id": "8"},
    "deployment as number": {"deployment_id": 7},
    "deployment with NUL": {"deployment_id": NUL},
    "version as number": {"version": 1.3},
    "deep linking": {"message_type": "LtiDeepLinkingRequest"},
    "roles of numbers": {"roles": [1]},
    "roles null": {"roles": None},
    "resource link as text": {"resource_link": "menu"},
    "resource link without id": {"resource_link": {}},
    "context as text": {"context": "6b"},
    "custom as list": {"custom": []},
    "school as number": {"custom": {"uai": 590001}},
    "profile as list": {"custom": {"profile": ["National_DIR"]}},
    "name as object": {"name": {"fr": "Lina"}},
    "presentation as text": {"launch_presentation": "fr"},
    "target as list": {"target_link_uri": ["https://ent.example/ent/"]},
}
OPEN_REDIRECTS = (
    "//evil.example/ent/",
    "https://ent.example.evil.example/ent/",
    "https://ent.example@evil.example/ent/",
    "https://ent.example:8443/ent/",
    "http://ent.example/ent/",
    "https://ent.example//evil.example/",
    "https://ent.example/ent/../admin",
    "https://ent.example/ent/%2e%2e/admin",
    "https://ent.example/ent/\\evil.example",
    "https://ent.example/ent/\r\nSet-Cookie: a=b",
    "https://ent.example/\t/evil.example",
    "https://ent.example/entity",
    "https://ent.example/elsewhere",
    "https://ent.example/ent/a\ud800",
    "https://ent.example/ent/a\x00",
    "javascript:alert(1)",
    "/ent/",
    "",
)
GOOD: dict[str, dict[str, Any]] = {
    "normal": {},
    "several roles": {"roles+": [f"{MEMBER}Member", "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Other"]},
    "unknown extra role": {"roles+": ["http://example.org/vocab#Wizard"]},
    "only e-mail": {"name": ABSENT, "given_name": ABSENT, "family_name": ABSENT},
    "only names": {"email": ABSENT},
    "no personal data": dict.fromkeys(("name", "given_name", "family_name", "email"), ABSENT),
    "null names": {"name": None, "given_name": None},
    "no context": {"context": ABSENT},
    "context of nothing": {"context": {"id": None, "title": None}},
    "no presentation": {"launch_presentation": ABSENT},
    "clock 20 s slow": {"iat": FromNow(-80), "exp": FromNow(-20)},
    "clock 20 s fast": {"iat": FromNow(20), "nbf": FromNow(20)},
    "times with fractions": {"iat": FromNow(-0.5), "exp": FromNow(59.5)},
    "audience as list": {"aud": [CLIENT_ID]},
    "audiences in one order": {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID},
    "audiences in the other": {"aud": ["other", CLIENT_ID], "azp": CLIENT_ID},
    "azp": {"azp": CLIENT_ID},
    "resource link with more": {"resource_link": {"id": "x" * 255, "title": "Menu", "description": None}},
}
