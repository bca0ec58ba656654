"""Those who write without a pause, each as a browser does that nobody tells what went wrong: it sends the same form
again until it is told that the message has arrived. And one of the group, who reads all of it."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from uuid import uuid4

from tools.attack.browsers import Browser
from tools.faults.channel.town import Town

_PAUSE, _PATIENCE = 0.05, 120.0
_ARRIVED = 'class="code words"'
_ONE = re.compile(r'href="(/ent/staff/desk/[0-9a-f-]{36})"')
_MARK = re.compile(r"Repère ([0-9a-f]{32})")


class _Form(HTMLParser):
    """What a browser sends of the page's form with a message."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"] or ""] = given.get("value") or ""


@dataclass
class Writing:
    """What all writers were told: the marks of messages that have arrived, and how often something went wrong."""

    town: Town
    arrived: list[str] = field(default_factory=list)
    setbacks: int = 0
    wrong: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def _write(self, cookie: str) -> None:
        browser = self.town.browser(cookie)
        while not self._over.is_set():
            mark = uuid4().hex
            page = self._until(browser, "/ent/write", None, 'name="token"')
            form = _Form(page).fields | {"message": f"Repère {mark}", "answer": "here-unnamed"}
            self._until(browser, "/ent/write", form, _ARRIVED)
            self.arrived.append(mark)

    def _until(self, browser: Browser, path: str, form: dict[str, str] | None, wanted: str) -> str:
        """Asks until the answer holds what is wanted: a writer does not give up, and changes nothing."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            try:
                answer = browser.get(path) if form is None else browser.send(path, form)
                if answer.status == 200 and wanted in answer.text:
                    return answer.text
                if answer.status < 500:
                    self.wrong.append(f"{path}: {answer.status}")
                    raise TimeoutError(path)
            except (OSError, HTTPException):
                pass
            self.setbacks += 1
            time.sleep(_PAUSE)
        self.wrong.append(f"{path}: nothing for {_PATIENCE:.0f} seconds")
        raise TimeoutError(path)

    def _thread(self, cookie: str) -> None:
        try:
            self._write(cookie)
        except TimeoutError:  # it is among what is wrong
            return

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """All of them write inside the block; each still brings its last message to an end."""
        threads = [threading.Thread(target=self._thread, args=(one,)) for one in self.town.cast.writers]
        for one in threads:
            one.start()
        try:
            yield
        finally:
            self._over.set()
            for one in threads:
                one.join()

    def wait_for(self, more: int) -> None:
        """Until so many messages more have arrived."""
        wanted, until = len(self.arrived) + more, time.monotonic() + _PATIENCE
        while len(self.arrived) < wanted and time.monotonic() < until:
            time.sleep(_PAUSE)


@dataclass(frozen=True)
class Read:
    """What the group reads: how often each mark, and how many conversations show none."""

    marks: Counter[str]
    unreadable: int


def read_all(town: Town) -> Read:
    """One of the group goes through the inbox, page by page, and opens everything."""
    browser, found, number = town.browser(town.cast.reader), [], 1
    while more := _ONE.findall(browser.get(f"/ent/staff/desk?page={number}").text):
        found += more
        number += 1
    marks: Counter[str] = Counter()
    unreadable = 0
    for path in dict.fromkeys(found):
        seen = _MARK.findall(browser.get(path).text)
        marks.update(seen)
        unreadable += not seen
    return Read(marks, unreadable)


def written(town: Town, messages: int) -> Writing:
    """What has arrived at a server that runs until there are so many messages."""
    town.start()
    try:
        writing = Writing(town)
        with writing.going_on():
            writing.wait_for(messages)
    finally:
        town.kill()
    return writing
