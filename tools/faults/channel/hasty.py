"""python -m tools.faults.channel.hasty PORT: a naive server, which says that a message has arrived and keeps it a
moment later. Whoever measures must find what it loses."""

import io
import sys
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import waitress

from ent_module.config import settings_from
from ent_module.extension import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_MOMENT = 0.5


def hasty(app: "WSGIApplication") -> "WSGIApplication":
    """That application, whose messages are kept after the answer."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/ent/write"):
            return app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        threading.Thread(target=_later, args=(app, {**environ, "wsgi.input": io.BytesIO(body)})).start()
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b'<ol class="code words"></ol>']

    return answer


def _later(app: "WSGIApplication", environ: dict[str, Any]) -> None:
    time.sleep(_MOMENT)
    b"".join(app(environ, lambda *_said: lambda _more: None))


if __name__ == "__main__":
    waitress.serve(hasty(create_app(settings_from())), host="127.0.0.1", port=int(sys.argv[1]), threads=8)
