"""Open edX as the foreign platform of a launch: its own LTI 1.3 code, driven line by line.

    .venv-openedx/bin/python -I tests/openedx/platform.py

(-I, since this file's name would hide Python's own `platform` module.) It runs in an environment apart and shares
nothing with ours. Each line read is one JSON object, each line written is its answer:

    {"do": "register", "login_url", "launch_url"}; if wished: "client_id", "deployment_id", "issuer",
        "deep_linking_return_url"
        → {"issuer", "client_id", "deployment_id", "auth_url", "token_url", "jwks_url"}
    {"do": "preflight", "launch": {"user_id", "user_role", "resource_link_id", …}}
        → {"url"}: where Open edX sends the browser to begin (the fields are those of its Lti1p3LaunchData)
    {"do": "launch", "query": {…}}: the query of the redirect by which the tool answered
        → {"action", "form": {"id_token", "state"}}: what the browser then posts to the tool
    {"do": "jwks"}    → the public keys, as they are also served at jwks_url on this machine
    {"do": "rotate"}  → {"kid"}: signs with a new key from now on, and publishes that one only

What cannot be done is answered by {"error": kind, "message": text}. The end of the input ends the platform.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import django
from django.conf import settings

settings.configure(
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    OPENEDX_TELEMETRY=[],  # reports to nobody
    PLATFORM_NAME="Open edX",
    USE_TZ=True,
)
django.setup()

# Only now: Open edX's code reads these settings while it is imported.
from cryptography.hazmat.primitives import serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402
from lti_consumer.data import Lti1p3LaunchData  # noqa: E402
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402
from lti_consumer.lti_1p3.key_handlers import PlatformKeyHandler  # noqa: E402
from lti_consumer.utils import get_data_from_cache, get_lti_1p3_context_types_claim  # noqa: E402


def new_key():
    """An RSA key as PEM text, and a name for it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, shape, serialization.NoEncryption()).decode(), uuid4().hex


class Platform:
    """One tool registered on one Open edX."""

    def __init__(self, home):
        """`home` is the address at which the keys are served."""
        self.home = home
        self.pem, self.kid = new_key()
        self.consumer = None

    def register(self, asked):
        """Makes Open edX's consumer for the tool; what the tool must know comes back."""
        known = {
            "issuer": asked.get("issuer", self.home),
            "client_id": asked.get("client_id", "open-edx-client"),
            "deployment_id": asked.get("deployment_id", "1"),
            "auth_url": f"{self.home}/api/lti_consumer/v1/launch/",
            "token_url": f"{self.home}/api/lti_consumer/v1/token/",
            "jwks_url": f"{self.home}/api/lti_consumer/v1/public_keysets/",
        }
        self.consumer = LtiAdvantageConsumer(
            iss=known["issuer"],
            lti_oidc_url=asked["login_url"],
            lti_launch_url=asked["launch_url"],
            client_id=known["client_id"],
            deployment_id=known["deployment_id"],
            rsa_key=self.pem,
            rsa_key_id=self.kid,
            redirect_uris=[asked["launch_url"]],
        )
        if "deep_linking_return_url" in asked:
            self.consumer.enable_deep_linking(asked["launch_url"], asked["deep_linking_return_url"])
        return known

    def preflight(self, asked):
        """Where the browser is sent to begin a launch."""
        data = Lti1p3LaunchData(config_id="tool", **asked["launch"])
        return {"url": self.consumer.prepare_preflight_url(data)}

    def launch(self, asked):
        """The form for the tool, built as Open edX's own launch_gate_endpoint builds it."""
        query = asked["query"]
        data = get_data_from_cache(query["lti_message_hint"])
        if data is None:
            raise LookupError("no launch was begun with this lti_message_hint")
        if query["login_hint"] != (data.external_user_id or data.user_id):
            raise LookupError("the login_hint is another user's")
        consumer = self.consumer
        consumer.set_user_data(
            user_id=data.external_user_id or data.user_id,
            role=data.user_role,
            full_name=data.name,
            email_address=data.email,
            preferred_username=data.preferred_username,
        )
        consumer.set_resource_link_claim(data.resource_link_id)
        consumer.set_launch_presentation_claim(
            document_target=data.launch_presentation_document_target,
            return_url=data.launch_presentation_return_url,
        )
        types = get_lti_1p3_context_types_claim(data.context_type) if data.context_type else None
        consumer.set_context_claim(data.context_id, types, data.context_title, data.context_label)
        consumer.set_custom_parameters(data.custom_parameters)
        return {"action": query.get("redirect_uri"), "form": consumer.generate_launch_request(query)}

    def jwks(self, _asked=None):
        """The public keys."""
        return PlatformKeyHandler(self.pem, self.kid).get_public_jwk()

    def rotate(self, _asked):
        """Signs with a new key from now on."""
        self.pem, self.kid = new_key()
        if self.consumer is not None:
            self.consumer.key_handler = PlatformKeyHandler(self.pem, self.kid)
        return {"kid": self.kid}


class Keys(BaseHTTPRequestHandler):
    """Serves the public keys, and nothing else."""

    def do_GET(self):
        """The keys at any address."""
        body = json.dumps(self.server.platform.jwks()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Says nothing."""


def main():
    """Answers line by line until the input ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    platform = server.platform = Platform(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    verbs = {verb: getattr(platform, verb) for verb in ("register", "preflight", "launch", "jwks", "rotate")}
    for line in sys.stdin:
        try:
            asked = json.loads(line)
            answer = verbs[asked["do"]](asked)
        except Exception as error:  # noqa: BLE001  # the test decides what it makes of it
            answer = {"error": type(error).__name__, "message": str(error)}
        print(json.dumps(answer), flush=True)  # noqa: T201  # this is how it answers


if __name__ == "__main__":
    main()
