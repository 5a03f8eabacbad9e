"""What the live view answers to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


@pytest.fixture
def ask(live: Callable[..., str]) -> Callable[..., Answer]:
    """``ask("/page", method="GET", host="...")``: the answer of a live view."""
    address = urlsplit(live("post.md"))

    def asked(path: str, method: str = "GET", host: str | None = None) -> Answer:
        with closing(HTTPConnection(str(address.hostname), address.port, timeout=60)) as connection:
            connection.request(method, path, headers={"Host": host or address.netloc})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    return asked


@pytest.fixture(autouse=True)
def _post(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("$a = a$\n", encoding="utf-8")


@pytest.mark.parametrize("path", ["/", "/page", "/frame.js"])
def test_what_is_there(ask: Callable[..., Answer], path: str) -> None:
    answer = ask(path)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.body


def test_the_frame_and_the_report_may_load_nothing_from_elsewhere(ask: Callable[..., Answer]) -> None:
    assert ask("/").headers["content-security-policy"].startswith("default-src 'none'")
    assert b"default-src 'none'" in ask("/page").body


@pytest.mark.parametrize("host", ["example.org", "evil.example:80", "127.0.0.1.example.org", "[::1]", "0.0.0.0"])
@pytest.mark.parametrize("path", ["/", "/page", "/events"])
def test_another_name_that_points_here_is_refused(ask: Callable[..., Answer], path: str, host: str) -> None:
    assert ask(path, host=host).status == 400


def test_the_names_of_this_machine_are_known(ask: Callable[..., Answer]) -> None:
    assert ask("/page", host="localhost:8000").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(ask: Callable[..., Answer], method: str) -> None:
    assert ask("/page", method).status == 405


@pytest.mark.parametrize("path", ["/post.md", "/../post.md", "/page/../../etc/passwd", "//example.org/page", "/docs"])
def test_no_request_names_a_file(ask: Callable[..., Answer], path: str) -> None:
    assert ask(path).status == 404
