"""Training looked at from time to time."""

from __future__ import annotations

import pytest

from symbackprop.api import derive, load
from symbackprop.derive.course import checkpoints, course


@pytest.mark.parametrize("iterations", [0, 1, 5, 59, 60, 61, 100, 10_000, 1_000_000])
def test_checkpoints_ascend_from_the_start_to_the_end(iterations: int) -> None:
    counts = checkpoints(iterations)
    assert counts[0] == 0
    assert counts[-1] == iterations
    assert list(counts) == sorted(set(counts))
    assert len(counts) <= 60


@pytest.mark.parametrize("name", ["mazur", "softmax-mlp", "autoencoder"])
def test_going_on_from_checkpoint_to_checkpoint_ends_where_one_run_ends(name: str) -> None:
    derivation = derive(load(name)).derivation
    assert derivation.can_train
    snapshots = list(course(derivation, "simultaneous", (0, 3, 50)))
    whole = derivation.train("simultaneous", 50)
    assert snapshots[0].error == whole.errors[0]
    assert snapshots[1].error == pytest.approx(whole.errors[3], rel=1e-12)
    assert snapshots[2].error == pytest.approx(whole.errors[50], rel=1e-10)
    for entry, value in whole.outputs.items():
        assert snapshots[2].outputs[entry] == pytest.approx(value, rel=1e-10)
