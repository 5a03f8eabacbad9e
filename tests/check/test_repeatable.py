"""The same text gets the same verdicts in every process, whatever order its sets happen to have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

POSTS = ("zh_through_time", "relu_batch", "row_vectors")


@pytest.mark.parametrize("name", POSTS)
def test_hash_seeds_change_nothing(root: Path, name: str) -> None:
    post = root / "tests" / "posts" / f"{name}.md"
    command = [sys.executable, "-m", "symbackprop", "check", str(post), "--format", "json"]
    reports = {
        subprocess.run(command, capture_output=True, cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "2")
    }
    assert len(reports) == 1
    assert reports.pop()
