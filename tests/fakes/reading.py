# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A reader of the site of a federation, who looks at words and not at marks."""

import gzip
import re
from dataclasses import dataclass
from html import unescape

from starlette.testclient import TestClient
from tests.fakes.world import World

from comity.desk.register.lookout import Lookout
from comity.web.app import build
from comity.web.render import load_renderer
from comity.web.site import Site

_INSIDE = re.compile(r"</?(?:bdi|a|span|time|b|strong|sup)\b[^>]*>")
_MARKS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Asks for pages; nothing is a network."""

    web: TestClient

    def html(self, path: str, *, status: int = 200) -> str:
        """Return a page as it is sent."""
        answer = self.web.get(path)
        assert answer.status_code == status, path
        return answer.text

    def text(self, path: str, *, status: int = 200) -> str:
        """Return what a page says, on one line."""
        html = _INSIDE.sub("", self.html(path, status=status))
        return " ".join(unescape(_MARKS.sub(" ", html)).split())

    def weight(self, path: str) -> int:
        """Return a page's bytes with its style sheet, both compressed."""
        sheet = self.web.get("/static/comity.css").content
        return len(gzip.compress(self.html(path).encode())) + len(gzip.compress(sheet))


def reader_of(world: World) -> Reader:
    """Return a reader of a federation's site."""
    site = Site(lookout=Lookout(world.view), renderer=load_renderer())
    return Reader(web=TestClient(build(site), follow_redirects=False))
