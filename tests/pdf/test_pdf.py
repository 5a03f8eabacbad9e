"""The PDF: made without commands and foreign files, refused where something is lacking, the same every time."""

from __future__ import annotations

import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from symbackprop.api import derive, load
from symbackprop.cli import main
from symbackprop.errors import UserError
from symbackprop.render import pdf
from symbackprop.render.pdf import OverfullWarning, compile_pdf, overfull

Tool = Callable[[str], Path]


@pytest.fixture
def _tex(tool: Tool) -> None:
    tool("latexmk")
    tool("xelatex")


def page(body: str, preamble: str = "") -> str:
    return f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


def created(content: bytes, tool: Tool, folder: Path) -> str:
    (folder / "file.pdf").write_bytes(content)
    information = subprocess.run(
        [tool("pdfinfo"), "-isodates", folder / "file.pdf"], capture_output=True, text=True, check=True
    )
    (line,) = [line for line in information.stdout.splitlines() if line.startswith("CreationDate:")]
    return line.split()[1]


@pytest.mark.usefixtures("_tex")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_worked_example_becomes_pages(language: str, tool: Tool, tmp_path: Path, capsys: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", OverfullWarning)
        (path,) = derive(load("mazur")).document(language).save(tmp_path / "post.pdf")
    text = subprocess.run([tool("pdftotext"), path, "-"], capture_output=True, text=True, check=True).stdout
    assert ("反向传播" if language == "zh" else "Backpropagation") in text
    assert "0.082167041" in text
    assert "??" not in text
    again = tmp_path / "again"
    assert main(["derive", "mazur", "--to", "pdf", "--lang", language, "-o", str(again)]) == 0
    assert capsys.readouterr().err == ""
    assert (again / f"mazur.{language}.pdf").read_bytes() == path.read_bytes()


@pytest.mark.usefixtures("_tex")
@pytest.mark.parametrize(
    ("epoch", "date", "expected"),
    [("", "", "1970-01-01"), ("", "2026-01-02", "2026-01-02"), ("1000000000", "2026-01-02", "2001-09-09")],
)
def test_the_date_is_never_todays(
    epoch: str, date: str, expected: str, tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert created(compile_pdf(page("x"), "x.pdf", date), tool, tmp_path).startswith(expected)


@pytest.mark.parametrize("lacking", ["latexmk", "xelatex"])
def test_without_tex_the_packages_are_named(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == lacking else f"/usr/bin/{name}")
    with pytest.raises(UserError, match=rf"^pdf: {lacking} not found.*apt-get install.*texlive-xetex.*fonts-noto-cjk"):
        compile_pdf(page("x"), "x.pdf")


@pytest.mark.usefixtures("_tex")
@pytest.mark.parametrize(
    ("body", "preamble", "message"),
    [
        ("x", r"\usepackage{nosuchpackage}", r"TeX lacks the package nosuchpackage\.sty; .*apt-get install"),
        ("x", "\\usepackage{fontspec}\n\\setmainfont{No Such Font}", r"TeX lacks the font No Such Font; "),
        ("a\u0e01b", "", r"x\.pdf: no font of the document has 'ก' \(U\+0E01, thai character ko kai\)"),
        (r"\nosuchcommand", "", r"x\.pdf: XeLaTeX stopped: Undefined control sequence.*--to tex"),
        (r"\input{/etc/passwd}", "", r"pdf: .*"),
    ],
)
def test_what_is_lacking_is_said(body: str, preamble: str, message: str) -> None:
    with pytest.raises(UserError, match=f"^pdf: {message}" if not message.startswith("pdf") else message):
        compile_pdf(page(body, preamble), "x.pdf")


@pytest.mark.usefixtures("_tex")
def test_no_command_is_run_and_no_file_is_read_or_written_outside(tmp_path: Path) -> None:
    secret, target = tmp_path / "secret", tmp_path / "target"
    secret.write_text("secret")
    attempt = (
        rf"\immediate\write18{{touch {target}}}"
        rf"\newread\file \openin\file={secret} \ifeof\file\else\errmessage{{it was read}}\fi x"
    )
    assert compile_pdf(page(attempt), "x.pdf").startswith(b"%PDF")
    with pytest.raises(UserError):
        compile_pdf(page(rf"\newwrite\file \immediate\openout\file={target} x"), "x.pdf")
    assert not target.exists()


@pytest.mark.usefixtures("_tex")
def test_what_runs_over_the_margin_is_warned_of() -> None:
    with pytest.warns(OverfullWarning, match=r"^x\.pdf: [\d.]+ pt run over the margin in paragraph at lines 4--5$"):
        compile_pdf(page(r"\noindent\rule{30cm}{1pt}"), "x.pdf")


def test_two_points_are_not_seen() -> None:
    log = "Overfull \\hbox (1.99pt too wide) in paragraph\nOverfull \\vbox (12.5pt too high) has occurred\n"
    assert list(overfull(log)) == ["12.5 pt run over the margin has occurred"]


def running(group: int) -> list[str]:
    """The names of the processes of a group that are not dead, as Linux tells them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it may end while we look
            name, _, rest = path.read_text(encoding="utf-8").rpartition(") ")
            state, _, its_group, *_ = rest.split()
            if int(its_group) == group and state != "Z":
                found.append(name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted as Linux shows them")
@pytest.mark.usefixtures("_tex")
def test_a_run_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(pdf, "TIME_LIMIT", 1.5)
    monkeypatch.setattr(subprocess, "Popen", noted)
    with pytest.raises(UserError, match=r"^pdf: XeLaTeX was stopped: it took longer than 1\.5 seconds$"):
        compile_pdf(page(r"\def\forever{\forever}\forever"), "x.pdf")
    (process,) = started
    assert process.poll() is not None
    patience = time.monotonic() + 10
    while running(process.pid) and time.monotonic() < patience:
        time.sleep(0.05)
    assert running(process.pid) == []


def test_a_pdf_is_no_text(capsys: Any) -> None:
    with pytest.raises(UserError, match=r'^to: pdf is no text; save\("NAME\.pdf"\) writes it$'):
        derive(load("mazur")).document().text("pdf")
    assert main(["derive", "mazur", "--to", "pdf", "--stdout"]) == 2
    assert "--stdout: prints text, and pdf is none" in capsys.readouterr().err
