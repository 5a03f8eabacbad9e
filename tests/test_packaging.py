"""What is tested is what is installed, and what is installed is complete."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlparse

import symbackprop
from symbackprop.render.location import templates_folder


def installed_folder() -> Path:
    """Where the installed distribution keeps its package."""
    installed = distribution("symbackprop")
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        return Path(unquote(urlparse(origin["url"]).path)) / "symbackprop"
    return Path(str(installed.locate_file("symbackprop")))


def test_the_tests_run_against_the_installed_package() -> None:
    assert Path(symbackprop.__file__).parent.resolve() == installed_folder().resolve()
    assert distribution("symbackprop").version == symbackprop.__version__


def test_a_wheel_holds_the_package_and_every_template(root: Path, tmp_path: Path) -> None:
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", str(root), *options], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in ((root / "symbackprop", "symbackprop"), (templates_folder(), "symbackprop/templates")):
        inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
        files = [path for path in inside if not any(part.startswith((".", "__pycache__")) for part in path.parts)]
        assert files
        assert {f"{place}/{path.as_posix()}" for path in files} <= names
    assert not [name for name in names if name.startswith(("templates/", "tests/"))]


def test_the_templates_are_found_in_an_unpacked_wheel(root: Path, tmp_path: Path) -> None:
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--target", str(tmp_path / "site")]
    subprocess.run([sys.executable, "-m", "pip", "install", str(root), *options], check=True, capture_output=True)
    code = "from symbackprop.render.location import templates_folder; print(templates_folder())"
    run = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}"]
    found = subprocess.run(run, check=True, capture_output=True, text=True, cwd=tmp_path).stdout.strip()
    assert Path(found) == tmp_path / "site" / "symbackprop" / "templates"


def test_the_command_that_ci_runs_is_the_one_in_the_documents(root: Path) -> None:
    command = (root / ".ci" / "run").read_text().strip().splitlines()[-1]
    assert command.endswith("-m pytest -n auto")
    for document in ("README.md", "CONTRIBUTING.md"):
        assert command in (root / document).read_text(encoding="utf-8"), document
