"""What clients ask, as bytes, and the floor's counterpart of it."""

import secrets
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlencode

from ent_module.establishments.model import Kind
from ent_module.help.sealing import new_form
from ent_module.surveys.protocol import SIGNATURE
from ent_module.web.house import Keys
from tools.bench.ballots import ITEMS, Ballots
from tools.bench.clients import Step, Visit
from tools.bench.filling import ASKED, SHOWN, WORDS, Filled, Visitor

_OK, _NO_CONTENT, _SEE_OTHER = b"200", b"204", b"303"
_OCTETS, _FORM = "application/octet-stream", "application/x-www-form-urlencoded"


class Visits:
    """The visits of each row; asked for anew, they begin anew."""

    def __init__(self, prefix: str, filled: Filled, ballots: Ballots, keys: Keys) -> None:
        self._prefix, self._filled, self._ballots, self._keys = prefix, filled, ballots, keys
        self._pool = f"{prefix}-ballots/pool/{filled.schools[ASKED]}/{filled.campaign.id}"
        self._survey = f"{prefix}/surveys/{filled.campaign.id}"

    def submissions(self) -> Iterator[Visit]:
        """A sealed ballot is sent."""
        return ((self._sent(body),) for body in self._ballots)

    def participations(self) -> Iterator[Visit]:
        """A pupil reads the questions, has a token signed and sends a ballot."""
        for pupil, body in zip(self._filled.pupils, self._ballots, strict=False):
            yield Step(get(f"{self._survey}/questions", pupil.cookie), _OK), self._signed(pupil), self._sent(body)

    def openings(self) -> Iterator[Visit]:
        """A pupil opens the page before, the questions and the keys, and has a token signed."""
        keys = get(f"{self._prefix}-ballots/keys/{self._filled.campaign.keys_digest}")
        for pupil in self._filled.pupils:
            pages = [get(path, pupil.cookie) for path in (self._survey, f"{self._survey}/questions")]
            yield (*(Step(page, _OK) for page in (*pages, keys)), self._signed(pupil))

    def messages(self) -> Iterator[Visit]:
        """A pupil sends a message, each time by a new form."""
        pupil = self._filled.pupils[0]
        same = {"csrf_token": pupil.token, "message": WORDS, "answer": "here-unnamed", "what": "mocked"}
        purpose = f"write {pupil.person.here.establishment_id}"
        while True:
            form = same | {"token": new_form(self._keys, pupil.session, purpose)}
            sent = _post(f"{self._prefix}/write", urlencode(form).encode(), _FORM, pupil.cookie)
            yield (Step(sent, _OK),)

    def saved(self) -> Iterator[Visit]:
        """The floor of these: a form with as many answers is saved."""
        items = list(self._filled.asked.items(Kind.COLLEGE))[:ITEMS]
        first = self._filled.pupils[0]
        fields = [("csrf_token", first.token), *((item.id, item.choices[0].id) for item in items)]
        return cycle([(Step(_post("/survey", urlencode(fields).encode(), _FORM, first.cookie), _SEE_OTHER),)])

    def home(self) -> Iterator[Visit]:
        """A pupil's home page."""
        return _again(get(f"{self._prefix}/", self._filled.pupils[0].cookie))

    def floor_home(self) -> Iterator[Visit]:
        """The floor of that page."""
        return _again(get("/home"))

    def desk(self, listener: Visitor) -> Iterator[Visit]:
        """The first page of a listener's inbox."""
        return _again(get(f"{self._prefix}/staff/desk", listener.cookie))

    def searches(self, listener: Visitor) -> Iterator[Visit]:
        """A word that no conversation holds is looked for: all that the listener may read is opened."""
        form = {"csrf_token": listener.token, "queue": "group", "show": "open", "words": "girafe"}
        sent = _post(f"{self._prefix}/staff/desk/find", urlencode(form).encode(), _FORM, listener.cookie)
        return _again(sent)

    def results(self) -> Iterator[Visit]:
        """What a head reads of a million ballots."""
        return _again(
            get(f"{self._prefix}/staff/surveys/campaigns/{self._filled.campaign.id}", self._filled.head.cookie)
        )

    def cells(self) -> Iterator[Visit]:
        """The floor of that: its numbers."""
        return _again(get(f"/results/{self._filled.schools[SHOWN]}/{self._filled.campaign.id}"))

    def _sent(self, body: bytes) -> Step:
        return Step(_post(self._pool, body, _OCTETS), _NO_CONTENT)

    def _signed(self, pupil: Visitor) -> Step:
        blinded = secrets.token_bytes(SIGNATURE - 1).rjust(SIGNATURE, b"\0")  # below every modulus
        token = f"X-CSRF-Token: {pupil.token}\r\n"
        return Step(_post(f"{self._survey}/token", blinded, _OCTETS, pupil.cookie, token), _OK)


def get(path: str, cookie: str = "") -> bytes:
    """A GET, as bytes."""
    return f"GET {path} HTTP/1.1\r\n{_head(cookie)}\r\n".encode()


def _post(path: str, body: bytes, kind: str, cookie: str = "", more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\n{_head(cookie)}{more}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _head(cookie: str) -> str:
    return "Host: 127.0.0.1\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")


def _again(request: bytes) -> Iterator[Visit]:
    return cycle([(Step(request, _OK),)])
