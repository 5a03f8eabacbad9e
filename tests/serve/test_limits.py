"""A page that takes too long, or too much, is given up, and the view goes on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPResponse
from importlib import import_module
from pathlib import Path
from urllib.request import urlopen

import pytest
from support.tasks import made

PATIENCE = 60


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that is shown; what it holds says how long its page takes."""
    monkeypatch.setattr(import_module("symbackprop.live.application"), "show", made)
    return tmp_path / "net.toml"


@pytest.fixture
def news(live: Callable[..., str], spec: Path) -> Iterator[Callable[..., HTTPResponse]]:
    """``news("endless", time_limit=1)``: the news of a view of such a file."""
    opened: list[HTTPResponse] = []

    def listen(text: str, **limits: object) -> HTTPResponse:
        spec.write_text(text, encoding="utf-8")
        opened.append(urlopen(f"{live(spec.name, **limits)}/events", timeout=PATIENCE))
        return opened[-1]

    yield listen
    for one in opened:
        one.close()


def told(news: HTTPResponse) -> tuple[int, str]:
    """The next version, and what is wrong with it."""
    for line in news:
        if line.startswith(b"data: "):
            found = json.loads(line.removeprefix(b"data: "))
            return found["version"], found["error"]
    raise AssertionError("no more news")


def asked(news: HTTPResponse, path: str) -> str:
    with closing(urlopen(news.url.replace("/events", path), timeout=PATIENCE)) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_a_page_that_takes_too_long_is_an_error_and_the_view_answers(news: Callable[..., HTTPResponse]) -> None:
    listening = news("endless", time_limit=0.5)
    version, error = told(listening)
    assert version == 1
    assert error.endswith("net.toml: was stopped after 0.5 s")
    assert "net.toml" in asked(listening, "/")
    assert asked(listening, "/page")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_a_page_that_needs_too_much_memory_is_an_error(news: Callable[..., HTTPResponse]) -> None:
    _, error = told(news("greedy", memory_limit=4096))
    assert error.endswith("net.toml: needs more memory than it may have")


def test_a_page_whose_process_dies_is_an_error_and_the_last_one_stays(
    news: Callable[..., HTTPResponse], spec: Path
) -> None:
    listening = news("a good page")
    assert told(listening) == (1, "")
    spec.write_text("die", encoding="utf-8")
    version, error = told(listening)
    assert version == 2
    assert error.endswith("net.toml: its process died (exit code 7)")
    assert asked(listening, "/page") == "A GOOD PAGE"


def test_a_change_ends_what_is_made_of_the_file_before(news: Callable[..., HTTPResponse], spec: Path) -> None:
    listening = news("a good page", time_limit=None)
    assert told(listening) == (1, "")
    spec.write_text("endless", encoding="utf-8")
    assert "net.toml" in asked(listening, "/")
    spec.write_text("a better page", encoding="utf-8")
    assert told(listening)[1] == ""
    assert asked(listening, "/page") == "A BETTER PAGE"


def test_the_end_of_the_view_ends_what_is_being_made(news: Callable[..., HTTPResponse], spec: Path) -> None:
    listening = news("a good page", time_limit=None)
    assert told(listening) == (1, "")
    spec.write_text("endless", encoding="utf-8")
    # the server that this test leaves behind must end, and the fixture waits for it
