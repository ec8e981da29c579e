import contextlib
import json
import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import orchestrate
from orchestrate import _task_attempt


class Worker:
    """The orchestrator's end of the pipes to a worker."""

    def __init__(self, folder, text, variables):
        file = folder / "toy.py"
        file.write_text("import orchestrate, os, sys, time\n" + textwrap.dedent(text) + "\norchestrate.serve()\n")
        self.folder = folder
        (folder / "output").mkdir(exist_ok=True)
        self.log = folder / "log.txt"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(file)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
                text=True,
                env={**{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}, **variables},
            )
        self._timer = threading.Timer(300, self.process.kill)
        self._timer.start()

    def send(self, **message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def receive(self):
        """The next message; None at the end."""
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def start(self, task, id="1-1", **parameters):
        folders = {"outputDirectory": str(self.folder / "output"), "scratchDirectory": str(self.folder)}
        inputs = {"one": "/a", "many": ["/b", "/c"]}
        self.send(type="run", id=id, task=task, parameters=parameters, inputs=inputs, seed=9, measurement={"warmup": 2}, **folders)

    def run(self, task, **parameters):
        """The answer to a task."""
        self.start(task, **parameters)
        while True:
            message = self.receive()
            if message is None or message["type"] != "progress":
                return message

    def end(self):
        """Ends it as the orchestrator does; returns its status."""
        self._timer.cancel()
        with contextlib.suppress(OSError, ValueError):
            self.send(type="shutdown")
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.close()
        status = self.process.wait(120)
        self.process.stdout.close()
        return status


@pytest.fixture
def worker(tmp_path):
    workers = []

    def start(text, **variables):
        workers.append(Worker(tmp_path, text, variables))
        assert workers[-1].receive()["type"] == "hello", workers[-1].log.read_text()
        return workers[-1]

    yield start
    for each in workers:
        each.process.kill()
        each.end()


ADD = """
    @orchestrate.task
    def add(a: float, b: float = 1):
        return {"sum": a + b}
"""


def test_a_worker_of_five_lines_answers(worker):
    adder = worker(ADD)
    assert adder.run("add", a=2) == {
        "id": "1-1",
        "type": "result",
        "metrics": [{"name": "sum", "value": 3.0, "unit": ""}],
        "samples": [],
        "artifacts": [],
    }
    assert adder.end() == 0


def test_the_hello_names_tasks_and_versions(tmp_path):
    text = ADD + "\n    @orchestrate.task(name='other', version=2)\n    def function(): pass\n"
    started = Worker(tmp_path, text, {})
    assert started.receive() == {
        "type": "hello",
        "protocol": 1,
        "name": "toy",
        "version": "1",
        "tasks": [{"name": "add", "version": "1"}, {"name": "other", "version": "2"}],
    }
    assert started.end() == 0


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "task 'add' needs the parameter 'a', a number"),
        ({"a": "2"}, "parameter 'a' of task 'add' should be a number, found the text '2'"),
        ({"a": 1, "c": 2}, "task 'add' has no parameter 'c'; it has 'a', 'b'"),
    ],
)
def test_wrong_requests_are_input_errors(worker, parameters, message):
    assert worker(ADD).run("add", **parameters) == {"id": "1-1", "type": "error", "kind": "input", "message": message}


def test_the_request_is_there(worker):
    answer = worker(
        """
        @orchestrate.task
        def look(**rest):
            print(orchestrate.inputs["one"], orchestrate.inputs.all("many"), orchestrate.measurement(), rest)
            print(orchestrate.parameters()["x"], orchestrate.scratch)
            (orchestrate.output / "a.txt").write_text("a")
            orchestrate.artifact("a", "a.txt")
            orchestrate.metric("seed", orchestrate.seed(), unit="1")
            orchestrate.sample("time", 0.5, unit="s", warmup=True)
            for step in range(3):
                orchestrate.log(loss=step)
            orchestrate.inputs["none"]
        """
    ).run("look", x=4)
    assert answer["kind"] == "input" and answer["message"] == "there is no input 'none'; name it in the stage's 'inputs'"


def test_everything_that_a_task_records_is_in_its_answer(worker):
    started = worker(
        """
        @orchestrate.task
        def record():
            (orchestrate.output / "a.txt").write_text("a")
            orchestrate.artifact("a", "a.txt")
            orchestrate.metric("seed", orchestrate.seed(), unit="1")
            orchestrate.log(loss=float("nan"))
            orchestrate.log(loss=2)
        """
    )
    for _ in range(2):
        answer = started.run("record")
        assert answer["metrics"] == [{"name": "loss", "value": 2.0, "unit": ""}, {"name": "seed", "value": 9.0, "unit": "1"}]
        assert [sample["value"] for sample in answer["samples"]] == ["NaN", 2.0]
        assert [sample["repetition"] for sample in answer["samples"]] == [0, 1]
        assert answer["artifacts"] == [{"name": "a", "path": str(started.folder / "output" / "a.txt")}]


def test_whatever_is_printed_goes_to_the_log_before_the_answer(worker):
    started = worker(
        """
        import ctypes, subprocess
        @orchestrate.task
        def chatter(number: int):
            print("python", number)
            sys.stdout.write("\\ud800 no line end")
            ctypes.CDLL(None).printf(b"library\\n")
            os.write(1, b"descriptor\\n")
            subprocess.run(["echo", "program"])
            print("input", repr(sys.stdin.read()))
        """
    )
    for number in range(3):
        assert started.run("chatter", number=number)["type"] == "result"
        log = started.log.read_text()
        for words in (f"python {number}", "no line end", "library", "descriptor", "program", "input ''"):
            assert log.count(words) == (1 if words.startswith("python") else number + 1), log


def test_a_failure_has_its_traceback_in_the_log(worker):
    started = worker(
        """
        def helper(): raise KeyError("deep")
        @orchestrate.task
        def fail(how: str):
            if how == "exit": sys.exit("leaving")
            if how == "fault": raise orchestrate.WorkerError("the card is gone")
            if how == "input": raise orchestrate.InputError("the file is empty")
            if how == "unusual": raise ValueError("\\ud800" + "x" * 20_000_000)
            if how == "returns": return 3
            helper()
        """
    )
    assert started.run("fail", how="raise")["message"] == "KeyError: 'deep'"
    log = started.log.read_text()
    assert "in helper" in log and "_task.py" not in log
    assert started.run("fail", how="exit")["message"] == "SystemExit: leaving"
    assert started.run("fail", how="fault")["kind"] == "internal"
    assert started.run("fail", how="input")["kind"] == "input"
    assert len(started.run("fail", how="unusual")["message"].encode()) < 10_000
    assert "return a mapping" in started.run("fail", how="returns")["message"]


WAITING = """
    @orchestrate.task
    def wait(how: str = "sleep"):
        try:
            orchestrate.progress(0, 10)
            if how == "sleep":
                time.sleep(600)
            elif how == "loop":
                while True: orchestrate.progress(1, 10)
            else:
                while True:
                    try:
                        print("waiting")
                        time.sleep(600)
                    except BaseException as problem:
                        print("swallowed", type(problem).__name__)
                        orchestrate.progress(2)
        finally:
            print("saved")
            orchestrate.metric("last", 1)
"""


@pytest.mark.parametrize("how", ["sleep", "loop", "swallow"])
def test_a_cancellation_is_an_exception(worker, how):
    started = worker(WAITING + ADD)
    started.start("wait", how=how)
    assert started.receive()["type"] == "progress"
    while how == "swallow" and "waiting" not in started.log.read_text():
        time.sleep(0.01)
    started.send(type="cancel", id="1-1")
    message = started.receive()
    while message["type"] == "progress":
        message = started.receive()
    assert message == {"id": "1-1", "type": "error", "kind": "task", "message": "the task was cancelled"}
    log = started.log.read_text()
    assert "saved" in log and ("swallowed" in log) == (how == "swallow")
    assert started.run("add", a=2)["type"] == "result"
    started.send(type="cancel", id="1-1")
    assert started.run("add", a=3)["type"] == "result"
    assert started.end() == 0


def test_a_cancellation_waits_for_the_end_of_a_change(tmp_path):
    request = {"id": "1", "outputDirectory": str(tmp_path), "scratchDirectory": str(tmp_path), "inputs": {}, "parameters": {}, "seed": 1}
    attempt = _task_attempt.TaskAttempt(request, None, threading.get_ident())
    attempt._is_running = True
    with pytest.raises(orchestrate.Cancelled):
        with attempt._change():
            attempt.is_cancelled = True
            attempt.raise_if_cancelled()
            changed = True
    assert changed
    # What saves its state afterwards is left alone.
    attempt.metric("m", 1, "")


def test_cancellations_at_any_moment_leave_the_worker_whole(worker):
    started = worker(
        """
        @orchestrate.task
        def busy():
            for step in range(60):
                orchestrate.progress(60, 60)
                orchestrate.sample("s", step)
                orchestrate.log(step=step, loss=step)
        """
    )
    for number in range(150):
        started.start("busy", id=str(number))
        for _ in range(number % 50):
            started.receive()
        started.send(type="cancel", id=str(number))
        message = started.receive()
        while message["type"] == "progress":
            message = started.receive()
        assert message["id"] == str(number) and message["type"] in ("error", "result"), started.log.read_text()
    assert "Traceback" not in started.log.read_text()
    assert started.end() == 0


def test_the_end_of_the_orchestrator_is_the_worker_s(worker):
    started = worker(WAITING)
    started.start("wait")
    started.receive()
    started.process.stdin.close()
    assert started.process.wait(120) == 0
    assert "saved" not in started.log.read_text()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_of_a_task_do_not_speak_for_it(worker, method):
    started = worker(
        f"""
        import multiprocessing
        def child(number):
            try: orchestrate.metric("m", number)
            except RuntimeError as problem: return str(problem)
        @orchestrate.task
        def fan():
            with multiprocessing.get_context("{method}").Pool(2) as pool:
                print(pool.map(child, range(2)))
            return {{"parent": 1}}
        @orchestrate.task
        def forks():
            os.fork()
            return {{"one": 1}}
        """
    )
    assert [metric["name"] for metric in started.run("fan")["metrics"]] == ["parent"]
    if method == "fork":
        assert "return the value to the task" in started.log.read_text()
    assert started.run("forks")["type"] == "result"
    assert started.run("fan")["type"] == "result"
    assert started.end() == 0


def test_a_result_longer_than_a_line_is_told(worker):
    answer = worker(
        """
        @orchestrate.task
        def flood():
            for number in range(18_000): orchestrate.sample("s" * 1000, number)
        """
    ).run("flood")
    assert answer["kind"] == "task" and "record fewer samples" in answer["message"]


def test_progress_is_not_sent_more_often_than_it_is_passed_on(worker):
    started = worker(
        """
        @orchestrate.task
        def count():
            for number in range(10_000): orchestrate.progress(number, 10_000)
            orchestrate.progress(10_000, 10_000, "done", remaining=float("nan"))
        """
    )
    started.start("count")
    messages = []
    while not messages or messages[-1]["type"] == "progress":
        messages.append(started.receive())
    assert messages[-2] == {"type": "progress", "id": "1-1", "done": 10000.0, "total": 10000.0, "message": "done", "remainingSeconds": 0}
    assert len(messages) < 5_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this worker has no task"),
        ("@orchestrate.task\ndef t(x: bytes): pass", "parameter 'x' of task 't' has the type hint"),
        ("@orchestrate.task\ndef t(x: 'Missing'): pass", "the type hints of task 't' cannot be read"),
        ("@orchestrate.task\ndef t(*x): pass", "has no name in a request"),
        ("@orchestrate.task\nasync def t(): pass", "a task is a plain function"),
        ("@orchestrate.task\ndef t(): pass\n@orchestrate.task(name='t')\ndef u(): pass", "there is a task 't' already"),
    ],
)
def test_a_worker_that_cannot_serve_ends_before_its_hello(tmp_path, text, words):
    started = Worker(tmp_path, text, {})
    assert started.receive() is None
    assert words in started.log.read_text()
    assert started.end() == 1


def test_a_task_can_be_called_by_hand(program):
    outcome = program.run(
        """
        @orchestrate.task
        def add(a: int, b: int):
            orchestrate.progress(1, 1)
            return {"sum": a + b}
        print(add(1, 2))
        """,
        by_hand=True,
    )
    assert outcome.stdout == "1/1\n{'sum': 3}\n"
