"""Many tasks: each answered once, whatever becomes of the others."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait

import pytest
from support.tasks import tempered

from symbackprop.errors import UserError
from symbackprop.workers.apart import Apart
from symbackprop.workers.bounds import bounded
from symbackprop.workers.running import cores, outcomes
from symbackprop.workers.tasks import Limits, Outcome

copied = pytest.mark.skipif(sys.platform != "linux", reason="processes are copies of this one on Linux only")


def found(*tasks: str, **options: object) -> list[str]:
    """The answers in the order of the tasks, errors as their texts."""
    results: list[Outcome[str]] = list(outcomes(tempered, tasks, **options))  # type: ignore[arg-type]
    assert sorted(outcome.number for outcome in results) == list(range(len(tasks)))
    results.sort(key=lambda outcome: outcome.number)
    return [outcome.value if outcome.value is not None else str(outcome.error) for outcome in results]


@pytest.mark.parametrize("jobs", [None, 1, 2, 9])
def test_each_task_is_answered_once(jobs: int | None) -> None:
    assert found("a", "b", "c", "d", "e", jobs=jobs) == ["A", "B", "C", "D", "E"]


def test_nothing_is_nothing() -> None:
    assert found() == []


def test_one_that_fails_does_not_stop_the_others() -> None:
    good, user, mistake, dead, last = found("a", "user error", "mistake", "die", "b")
    assert (good, last) == ("A", "B")
    assert user == "net.toml: is wrong"
    assert "a mistake in symbackprop: LookupError: not there" in mistake
    assert "tasks.py" in mistake
    assert dead == "its process died (exit code 7)"


def test_one_that_takes_too_long_is_ended() -> None:
    assert found("endless", "endless", jobs=1, limits=Limits(seconds=0.2)) == ["was stopped after 0.2 s"] * 2


def test_a_result_that_cannot_be_handed_over_is_an_error() -> None:
    assert found("deep", "a") == ["its result cannot be handed over: RecursionError", "A"]


@copied
def test_one_that_takes_too_much_memory_is_ended() -> None:
    assert found("greedy", "a", limits=Limits(megabytes=4096)) == ["needs more memory than it may have", "A"]


@pytest.mark.skipif(sys.platform == "win32", reason="knows no such bounds")
def test_a_system_that_refuses_a_bound_does_the_work_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: list[int] = []
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def refusing(kind: int, limits: tuple[int, int]) -> None:
        asked.append(kind)
        if kind == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")  # what macOS says

    monkeypatch.setattr(resource, "setrlimit", refusing)
    with bounded(memory=2**40, file_size=2**30):
        assert asked == [resource.RLIMIT_AS, resource.RLIMIT_FSIZE]
    assert asked == [resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_FSIZE]
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == before


def test_one_task_alone_costs_no_process() -> None:
    seen: list[int] = []
    (outcome,) = outcomes(seen.append, [3])
    assert (seen, outcome.error) == ([3], None)


@copied
def test_one_task_with_limits_has_a_process_of_its_own_where_that_costs_nothing() -> None:
    # in a Python of its own: beside the threads of a test runner no process is copied
    code = """
from symbackprop.workers.running import outcomes
from symbackprop.workers.tasks import Limits

seen = []
(outcome,) = outcomes(seen.append, [3], limits=Limits(60))
assert (seen, outcome.error) == ([], None), (seen, outcome)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_beside_other_threads_a_new_process_is_started_in_place_of_a_copy() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert found("a", "die") == ["A", "its process died (exit code 7)"]
    finally:
        stop.set()
        thread.join()


def test_beside_other_threads_one_task_is_done_right_here() -> None:
    """Starting an interpreter for it costs more than most tasks; its limits are for where a copy costs nothing."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    seen: list[int] = []
    try:
        (outcome,) = outcomes(seen.append, [3], limits=Limits(60))
    finally:
        stop.set()
        thread.join()
    assert (seen, outcome.error) == ([3], None)


def test_leaving_midway_ends_every_process() -> None:
    running = outcomes(tempered, ["a", "endless", "endless"], jobs=3)
    assert next(running).value == "A"
    running.close()
    assert multiprocessing.active_children() == []


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(2) as threads:
        assert found("a", "user error", "b", executor=threads) == ["A", "net.toml: is wrong", "B"]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        assert found("a", "b", executor=processes) == ["A", "B"]


def test_what_an_executor_loses_is_said() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        (lost,) = found("die", executor=processes)
    assert lost.startswith("was lost by the executor: BrokenProcessPool")


def test_one_task_apart_from_the_threads_of_this_process() -> None:
    apart = Apart(tempered, Limits(seconds=30))
    assert apart.do("a").value == "A"
    assert str(apart.do("die").error) == "its process died (exit code 7)"
    assert str(Apart(tempered, Limits(seconds=0.2)).do("endless").error) == "was stopped after 0.2 s"
    assert multiprocessing.active_children() == []


def test_a_task_apart_can_be_interrupted() -> None:
    apart = Apart(tempered, Limits())
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(apart.do, "endless")
        while wait([waiting], timeout=0.1).not_done:
            apart.interrupt()
        assert str(waiting.result().error) == "its process died (signal 9)"


def test_a_task_that_nobody_wants_is_not_begun() -> None:
    assert str(Apart(tempered, Limits()).do("endless", lambda: False).error) == "is not wanted any more"


def test_limits_hold_for_one_task_alone_where_they_are_to_hold_strictly() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()  # beside it, a process costs more than a copy does
    try:
        assert found("endless", limits=Limits(seconds=0.2), strictly=True) == ["was stopped after 0.2 s"]
        assert found("a", limits=Limits(seconds=30)) == ["A"]
    finally:
        stop.set()
        thread.join()


def test_cores_are_counted() -> None:
    assert cores() >= 1


def test_errors_reach_the_other_side_as_they_are() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        (outcome,) = outcomes(tempered, ["user error"], executor=processes)
    assert isinstance(outcome.error, UserError)
    assert outcome.error.place == "net.toml"
