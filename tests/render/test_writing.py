"""Writing: everything or nothing, and never over what is not the tool's own."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from symbackprop.api import derive
from symbackprop.errors import UserError, UserErrors
from symbackprop.render.writing import MANIFEST, Complete, Output, path_error, write
from symbackprop.spec.reading import network_from

FIRST = (Output("net.en.md", b"one"), Output("net.figures/network.svg", b"<svg/>"))
SECOND = (Output("net.en.md", b"two"), Output("net.figures/network.svg", b"<svg></svg>"), Output("new/x.md", b"x"))


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder: files with their content, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder into which the first set was written."""
    write(tmp_path / "output", FIRST, "net.toml")
    return tmp_path / "output"


def test_a_set_is_written_and_its_paths_answered_in_order(tmp_path: Path) -> None:
    paths = write(tmp_path / "deep" / "output", FIRST, "net.toml")
    assert paths == (tmp_path / "deep/output/net.en.md", tmp_path / "deep/output/net.figures/network.svg")
    assert [path.read_bytes() for path in paths] == [b"one", b"<svg/>"]
    assert set(snapshot(tmp_path / "deep" / "output")) == {
        MANIFEST,
        "net.en.md",
        "net.figures",
        "net.figures/network.svg",
    }


def test_the_tool_replaces_its_own_files(folder: Path) -> None:
    write(folder, SECOND, "net.toml")
    found = snapshot(folder)
    assert (found["net.en.md"], found["new/x.md"]) == (b"two", b"x")
    assert not [name for name in found if ".symbackprop-" in name]


def test_the_manifest_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    write(tmp_path / "a", FIRST, "net.toml")
    for output in reversed(FIRST):
        write(tmp_path / "b", (output,), "net.toml")
    assert (tmp_path / "a" / MANIFEST).read_bytes() == (tmp_path / "b" / MANIFEST).read_bytes()


def test_a_file_that_is_the_same_already_is_not_touched(folder: Path) -> None:
    os.utime(folder / "net.en.md", (1, 1))
    write(folder, FIRST, "net.toml")
    assert (folder / "net.en.md").stat().st_mtime == 1


def test_an_edited_file_is_left_alone_unless_forced(folder: Path) -> None:
    (folder / "net.en.md").write_bytes(b"mine")
    before = snapshot(folder)
    with pytest.raises(UserError, match=r"net\.en\.md: was edited since it was written; .*--force overwrites"):
        write(folder, SECOND, "net.toml")
    assert snapshot(folder) == before
    write(folder, SECOND, "net.toml", force=True)
    assert (folder / "net.en.md").read_bytes() == b"two"
    write(folder, FIRST, "net.toml")


def test_a_stranger_s_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "net.en.md").write_bytes(b"mine")
    with pytest.raises(UserError, match=r"net\.en\.md: was not written by symbackprop"):
        write(tmp_path, FIRST, "net.toml")
    assert snapshot(tmp_path) == {"net.en.md": b"mine"}


def test_a_stranger_s_file_with_the_very_content_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "net.en.md").write_bytes(b"one")
    write(tmp_path, FIRST, "net.toml")
    write(tmp_path, SECOND, "net.toml")


def test_a_variant_does_not_overwrite_another(folder: Path) -> None:
    before = snapshot(folder)
    with pytest.raises(UserErrors) as raised:
        write(folder, SECOND, "net.toml --notation nielsen")
    assert len(raised.value.errors) == 2
    assert "was made from net.toml, this is net.toml --notation nielsen; --name or -o keeps them apart" in str(
        raised.value
    )
    assert snapshot(folder) == before


def test_a_file_that_was_removed_is_written_again(folder: Path) -> None:
    (folder / "net.en.md").unlink()
    write(folder, FIRST, "other.toml")
    assert (folder / "net.en.md").read_bytes() == b"one"


@pytest.mark.parametrize(
    "path",
    [
        "../x.md",
        "/etc/x.md",
        "a/../../x.md",
        "",
        ".",
        "..",
        ".hidden",
        MANIFEST,
        "a\\b.md",
        "C:x.md",
        "a\nb",
        "a\x00b",
        "a\u202eb",
    ],
)
def test_a_name_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(UserError, match=r"cannot be written to: .* is no plain name of a file"):
        write(tmp_path / "output", (*FIRST, Output(path, b"x")), "net.toml")
    assert snapshot(tmp_path) == {}


def test_good_names_are_good() -> None:
    for path in ("a.md", "中文/网络.svg", "a b.md", "a--b_c.md"):
        assert path_error(path) is None


def test_a_directory_in_the_place_of_a_file(folder: Path) -> None:
    (folder / "new" / "x.md").mkdir(parents=True)
    before = snapshot(folder)
    with pytest.raises(UserError, match=r"x\.md: is a directory"):
        write(folder, SECOND, "net.toml", force=True)
    assert snapshot(folder) == before


def test_a_file_in_the_place_of_a_directory(folder: Path) -> None:
    (folder / "new").write_bytes(b"a file")
    before = snapshot(folder)
    with pytest.raises(UserError, match=r"cannot be written: .*; nothing was changed"):
        write(folder, SECOND, "net.toml")
    assert snapshot(folder) == before
    with pytest.raises(UserError, match="cannot be written: "):
        write(folder / "net.en.md", FIRST, "net.toml")
    assert snapshot(folder) == before


def test_a_link_does_not_lead_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "new").symlink_to(outside)
    with pytest.raises(UserError, match="leads out of the folder"):
        write(folder, SECOND, "net.toml", force=True)
    (folder / "new").unlink()
    (outside / "secret").write_bytes(b"secret")
    (folder / "net.en.md").unlink()
    (folder / "net.en.md").symlink_to(outside / "secret")
    with pytest.raises(UserError, match="is a symbolic link"):
        write(folder, SECOND, "net.toml", force=True)
    assert snapshot(outside) == {"secret": b"secret"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", FIRST, "net.toml")
    assert (tmp_path / "real" / "net.en.md").read_bytes() == b"one"


def test_what_a_killed_run_left_is_cleared_away(folder: Path) -> None:
    (folder / ".symbackprop-1-0").write_bytes(b"half")
    (folder / ".symbackprop.local").write_bytes(b"not ours")
    write(folder, SECOND, "net.toml")
    assert ".symbackprop-1-0" not in snapshot(folder)
    assert ".symbackprop.local" in snapshot(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 1, "files": {"a": 3}}', b"\xff"])
def test_a_damaged_manifest_is_told(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(UserError, match=r"\.symbackprop\.json: is damaged"):
        write(folder, SECOND, "net.toml")
    assert (folder / "net.en.md").read_bytes() == b"one"


def test_new_files_have_the_rights_that_the_user_wants(tmp_path: Path) -> None:
    previous = os.umask(0o027)
    try:
        (path, _) = write(tmp_path, FIRST, "net.toml")
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def write_one(folder: Path, number: int) -> None:
    for step in range(5):
        write(folder, (Output(f"{number}-{step}.md", bytes(number)),), "net.toml")


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_one, args=(tmp_path / "output", number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    files = json.loads((tmp_path / "output" / MANIFEST).read_text())["files"]
    assert sorted(files) == sorted(f"{number}-{step}.md" for number in range(3) for step in range(5))


def test_a_path_given_twice_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        write(tmp_path, (FIRST[0], FIRST[0]), "net.toml")


FIGURES = [Complete("net.figures", ".en.svg")]


def test_figures_of_an_earlier_run_do_not_stay_behind(folder: Path) -> None:
    """What this run would have written, had it been wanted; other languages and other people's files stay."""
    old = [Output(f"net.figures/{name}.svg", name.encode()) for name in ("gone.en", "edited.en", "kept.en", "gone.zh")]
    write(folder, old, "net.toml")
    (folder / "net.figures" / "edited.en.svg").write_bytes(b"mine")
    (folder / "net.figures" / "strange.en.svg").write_bytes(b"strange")
    write(folder, [Output("net.figures/other.en.svg", b"other")], "other.toml")
    write(folder, [Output("net.figures/kept.en.svg", b"kept")], "net.toml", complete=FIGURES)
    found = {name.rpartition("/")[2] for name in snapshot(folder) if name.startswith("net.figures/")}
    assert found == {"edited.en.svg", "kept.en.svg", "gone.zh.svg", "strange.en.svg", "other.en.svg", "network.svg"}
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    assert "net.figures/gone.en.svg" not in listed
    assert "net.figures/edited.en.svg" in listed


def test_a_spec_that_loses_a_layer_loses_its_pictures(tmp_path: Path) -> None:
    def written(layers: int) -> set[str]:
        network = network_from({"name": "net", "inputs": 2, "layers": [{"size": 2}] * layers})
        derive(network).document("en").save(tmp_path / "net.md")
        return {path.name for path in (tmp_path / "net.figures").iterdir()}

    both, one = written(2), written(1)
    assert one < both
    assert both - one == {"paths-2-0-0.en.svg"}
