"""A small server of ballots, with a page that asks: what `ballot.js` is measured against, apart from ours.

It notes what reaches it, and answers as its `answers` say: a list of statuses for the next requests, else as it should.
"""

import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from flask import Flask, Response, make_response, request, send_from_directory
from flask.typing import ResponseReturnValue

from ent_module.privacy import ballot_seal, blind
from ent_module.web.headers import policy

MODULE = Path(__file__).resolve().parents[3] / "ent_module"
STATES = ("preparing", "ready", "answering", "sending", "waiting", "sent", "already", "ended", "changed", "refused")
LATE = "begun"
NOTES = ("gathering", "offline")
"""Of a class that answers in class."""
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Questions</title>
<script type="module" src="/static/web/leave.js"></script>
<script type="module" src="/static/web/hold.js"></script>
<script type="module" src="/static/surveys/ballot.js"></script>
{steps}</head><body>
<a href="/elsewhere" data-leave>Quitter vite</a>
<div role="status"><div data-state="unable">unable</div>{states}</div>
<form id="questions" autocomplete="off" hidden data-ballot {data}
      data-next="Suivant" data-back="Retour" data-place="Question {{place}} sur {{all}}">
<input type="hidden" name="csrf_token" value="csrf of {pupil}">
<fieldset class="section"><legend>Couleurs</legend>
<fieldset class="choices"><legend>Une couleur</legend>
<label><input type="radio" name="colour" value="blue">Bleu</label>
<label><input type="radio" name="colour" value="">Je passe</label></fieldset>
<fieldset class="choices"><legend>Des fruits</legend>
<label><input type="checkbox" name="fruit" value="apple">Pomme</label>
<label><input type="checkbox" name="fruit" value="pear">Poire</label></fieldset>
<fieldset class="choices"><legend>Un mot</legend><label>Mot <input name="word"></label></fieldset>
</fieldset>
<div class="last-step"><button>Envoyer mes réponses</button>
<button data-blank formnovalidate>Je préfère ne pas répondre</button></div>
</form>
<section data-afterwards hidden><h2>Parler à quelqu’un</h2></section>
</body></html>"""


@dataclass
class Issuer:
    """A campaign of one cohort; each pupil is a seat, told apart by a cookie."""

    signing: RSAPrivateKey
    where: str = "shared"
    steps: bool = False
    late: float = 0
    """How many seconds the script that shows one question at a time takes to come."""
    mark: str = "c1a55"
    """Of the class, where it answers in class."""
    begun: set[str] = field(default_factory=set)
    """The classes that answer by now."""
    until: str = "2999-12-31"
    """The day after which a browser at home forgets the token."""
    campaign: UUID = field(default_factory=uuid4)
    cohort: UUID = field(default_factory=uuid4)
    sealing: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seats: dict[str, str] = field(default_factory=dict)
    issued: dict[str, bytes] = field(default_factory=dict)
    pool: dict[bytes, bytes] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    tampered: dict[str, Any] = field(default_factory=dict)
    served: bytes | None = None
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Each request: its way, its headers, its body."""

    @property
    def keys(self) -> bytes:
        """The list of keys, as it is told."""
        one = {"id": str(self.cohort), "name": "Niveau 6e", "levels": ["6e"], "enrolled": 30, "e": 65537}
        one["n"] = base64(blind.modulus(self.signing.public_key()))
        told = {"v": 2, "campaign": str(self.campaign), "questionnaire": "q1", "cohorts": [one]}
        told["seal"] = base64(ballot_seal.point(self.sealing.public_key()))
        one |= {name: value for name, value in self.tampered.items() if name in one}
        return json.dumps(told | {name: value for name, value in self.tampered.items() if name in told}).encode()

    def page(self, pupil: str) -> str:
        """The questions, for that pupil."""
        seat = self.seats.setdefault(pupil, base64(secrets.token_bytes(16)))
        names = {
            "campaign": self.campaign,
            "cohort": self.cohort,
            "keys": f"/ent-ballots/keys/{sha256(self.keys).hexdigest()}",
            "token": f"/ent/surveys/{self.campaign}/token",
            "pool": "/ent-ballots/pool",
            "seat": seat,
            "questionnaire": "q1",
            "after": f"/ent/surveys/{self.campaign}/after",
            "where": self.where,
            "until": self.until,
            "mark": self.mark,
            "begun": f"/ent-ballots/begun/{self.campaign}",
        }
        begin = "".join(f'<p data-note="{one}" hidden>{one}</p>' for one in NOTES)
        begin += '<button type="button" data-begin>Commencer</button>'
        states = "".join(
            f'<div data-state="{one}" hidden>{one}{begin if one == "ready" else ""}</div>' for one in (*STATES, LATE)
        )
        data = " ".join(f'data-{name}="{value}"' for name, value in names.items())
        steps = '<script type="module" src="/static/surveys/steps.js"></script>' if self.steps else ""
        return PAGE.format(steps=steps, states=states, data=data, pupil=pupil)

    def sign(self, pupil: str, blinded: bytes) -> tuple[bytes, int]:
        """One token for each pupil, the same answer to the same bytes."""
        if self.issued.setdefault(pupil, blinded) != blinded:
            return b"", 409
        return blind.BlindSigner(self.signing).sign(blinded), 200

    def take(self, body: bytes) -> int:
        """The pool: 204 for a ballot with a token, and for the same again; 409 for another with the same token."""
        prepared, signature, sealed = body[:108], body[108:492], body[492:]
        assert len(body) == 4_669
        assert prepared[32:76] == b"ent-ballot/1" + self.campaign.bytes + self.cohort.bytes
        assert blind.verify(self.signing.public_key(), prepared, signature)
        return 204 if self.pool.setdefault(prepared, sealed) == sealed else 409

    def opened(self) -> list[dict[str, list[str]]]:
        """What the ballots say."""
        return [
            json.loads(
                ballot_seal.open_ballot(self.sealing, self.campaign, self.cohort, sha256(prepared).digest(), sealed)
            )
            for prepared, sealed in self.pool.items()
        ]

    def asked(self, end: str) -> list[tuple[dict[str, str], bytes]]:
        """The requests to ways that end so: headers and bodies."""
        return [(headers, body) for way, headers, body in self.seen if way.endswith(end)]

    def app(self) -> Flask:
        """Serves all of it."""
        app = Flask("issuer", static_folder=None)
        app.before_request(self._note)
        app.after_request(_strict)
        here = "/ent/surveys/<_campaign>"  # one after the other
        app.add_url_rule("/static/<room>/<name>", view_func=self._static)
        app.add_url_rule("/elsewhere", view_func=_elsewhere)
        app.add_url_rule(f"{here}/<pupil>", view_func=self._questions)
        app.add_url_rule("/ent-ballots/keys/<digest>", view_func=self._keys)
        app.add_url_rule(f"{here}/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/ent-ballots/begun/<_campaign>", view_func=self._begun)
        app.add_url_rule("/ent-ballots/pool", view_func=self._pool, methods=["POST"])
        return app

    def _note(self) -> ResponseReturnValue | None:
        if request.path.startswith("/static/"):
            return None
        self.seen.append((request.path, dict(request.headers), request.get_data()))
        counts = request.method == "POST" or "/begun/" in request.path
        if self.answers and counts and (status := self.answers.pop(0)) != 200:
            return Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else {})
        return None

    def _static(self, room: str, name: str) -> ResponseReturnValue:
        if name == "steps.js":
            time.sleep(self.late)
        return send_from_directory(MODULE / room / "static", name)

    def _questions(self, _campaign: str, pupil: str) -> ResponseReturnValue:
        response = make_response(self.page(pupil))
        response.set_cookie("who", pupil, path="/")
        return response

    def _keys(self, digest: str) -> ResponseReturnValue:
        assert digest == sha256(self.keys).hexdigest()
        return Response(self.served or self.keys, mimetype="application/json")

    def _token(self, _campaign: str) -> ResponseReturnValue:
        assert request.headers["X-CSRF-Token"] == f"csrf of {request.cookies['who']}"
        assert request.content_type == "application/octet-stream"
        body, status = self.sign(request.cookies["who"], request.get_data())
        return Response(body, status, mimetype="application/octet-stream")

    def _begun(self, _campaign: str) -> ResponseReturnValue:
        told = {"classes": {one: int(one in self.begun) for one in ("c1a55", "0ther")}}
        return Response(json.dumps(told).ljust(512), mimetype="application/json")

    def _pool(self) -> ResponseReturnValue:
        return Response(status=self.take(request.get_data()))


def _elsewhere() -> str:
    return "<!doctype html><title>elsewhere</title>"


def _strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = policy(())
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def base64(value: bytes) -> str:
    """Base64url without filling."""
    return urlsafe_b64encode(value).decode().rstrip("=")
