import pytest


def test_everything_is_in_the_result(program):
    result = program.result(
        """
        orchestrate.metric("accuracy", 0.5)
        orchestrate.metric("accuracy", 0.75, unit="1")
        for value in (0.1, 0.2):
            orchestrate.sample("time", value, unit="s")
        orchestrate.sample("time", 9, unit="s", warmup=True, block=1, position=0)
        (orchestrate.output / "model").mkdir()
        (orchestrate.output / "a.txt").write_text("a")
        orchestrate.artifact("text", "a.txt", media_type="text/plain")
        orchestrate.artifact("model", orchestrate.output / "model")
        """
    )
    assert result["metrics"] == [{"name": "accuracy", "value": 0.75, "unit": "1"}]
    assert result["samples"] == [
        {"metric": "time", "unit": "s", "repetition": 0, "warmup": False, "value": 0.1},
        {"metric": "time", "unit": "s", "repetition": 1, "warmup": False, "value": 0.2},
        {"metric": "time", "unit": "s", "repetition": 0, "warmup": True, "block": 1, "position": 0, "value": 9.0},
    ]
    assert result["artifacts"] == [
        {"name": "text", "path": str(program.output / "a.txt"), "mediaType": "text/plain"},
        {"name": "model", "path": str(program.output / "model")},
    ]


def test_without_measurements_there_is_no_result(program):
    assert program.run("orchestrate.seed()").returncode == 0
    assert not program.result_path.exists()


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("raise ValueError('x')", 1),
        ("import sys; sys.exit(3)", 3),
        ("import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", -2),
        ("import os; orchestrate.flush(); os._exit(0)", 0),
        ("import atexit; atexit.register(lambda: orchestrate.metric('late', 2))", 0),
    ],
)
def test_however_the_program_ends_its_metrics_are_there(program, end, status):
    early = "import atexit; atexit.register(lambda: orchestrate.metric('early', 0))"
    assert program.run(f"{early}\norchestrate.metric('x', 1)\n{end}").returncode == status
    assert program.metrics()["x"] == 1
    if "late" in end:
        assert program.metrics() == {"x": 1, "late": 2, "early": 0}


def test_values_that_are_not_finite_arrive(program):
    program.result("orchestrate.metric('n', float('nan')); orchestrate.log(step=0, i=float('-inf'))")
    assert program.metrics() == {"n": "NaN", "i": "-Infinity"}


def test_wrong_calls_are_refused_where_they_are_made(program):
    outcome = program.run("orchestrate.metric('a', 1)\norchestrate.log(step=0, loss='0.3')")
    assert outcome.returncode == 1
    assert "program.py\", line 3" in outcome.stderr
    assert "TypeError: metric 'loss' should be a number, not the text '0.3'" in outcome.stderr


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("orchestrate.artifact('a', 'none.txt')", "there is no file or folder"),
        ("orchestrate.artifact('a', orchestrate.scratch)", "outside of the output folder"),
        ("orchestrate.artifact('a', orchestrate.output)", "outside of the output folder"),
        ("(orchestrate.output / 'l').symlink_to('/etc/hostname'); orchestrate.artifact('a', 'l')", "outside of the output folder"),
        ("orchestrate.log()", "needs a metric"),
    ],
)
def test_what_the_orchestrator_would_refuse_is_told_at_the_call(program, call, words):
    outcome = program.run(call)
    assert outcome.returncode == 1
    assert words in outcome.stderr


def test_programs_of_one_attempt_add_to_each_other(program):
    program.result("orchestrate.metric('a', 1); orchestrate.metric('b', 1); orchestrate.sample('s', 1)")
    program.result("orchestrate.metric('b', 2); orchestrate.sample('s', 2)")
    assert program.metrics() == {"a": 1, "b": 2}
    assert [sample["value"] for sample in program.stored()["samples"]] == [1, 2]


def test_a_result_that_somebody_else_wrote_is_kept_and_added_to(program):
    program.result_path.write_text('{"metrics": [{"name": "own", "value": NaN}]}')
    assert set(program.result("orchestrate.metric('a', 1)") and program.metrics()) == {"own", "a"}


def test_something_else_in_the_place_of_the_result_is_left_alone(program):
    program.result_path.write_text("half a resu")
    outcome = program.run("orchestrate.metric('a', 1)")
    assert outcome.returncode == 1
    assert "in which something else lies" in outcome.stderr
    assert program.result_path.read_text() == "half a resu"


def test_threads_record_at_the_same_time(program):
    program.result(
        """
        import threading
        def work(number):
            for step in range(200):
                orchestrate.sample("s", step)
                orchestrate.log(step=step, **{f"t{number}": step})
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads: thread.start()
        """
    )
    assert len(program.stored()["samples"]) == 8 * 200 + 8 * 200
    assert program.metrics() == {f"t{number}": 199 for number in range(8)}


def test_a_fork_does_not_write_what_its_parent_recorded(program):
    program.result(
        """
        import os, sys
        orchestrate.metric("x", 1)
        orchestrate.sample("s", 1)
        child = os.fork()
        if child:
            os.waitpid(child, 0)
        sys.exit(0)
        """
    )
    assert len(program.stored()["samples"]) == 1


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_add_what_they_recorded(program, method):
    program.result(
        f"""
        import multiprocessing
        def work(number):
            orchestrate.sample("s", number)
        if __name__ == "__main__":
            orchestrate.metric("x", 1)
            context = multiprocessing.get_context("{method}")
            processes = [context.Process(target=work, args=(number,)) for number in range(3)]
            for process in processes: process.start()
            for process in processes: process.join()
        """
    )
    assert sorted(sample["value"] for sample in program.stored()["samples"]) == [0, 1, 2]
    assert program.metrics() == {"x": 1}


def test_a_pool_that_is_ended_without_notice_cannot_lose_measurements(program):
    outcome = program.run(
        """
        import multiprocessing
        def work(number):
            orchestrate.metric("x", number)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(work, range(4))
        """
    )
    assert outcome.returncode == 1
    assert "return the value to the main process" in outcome.stderr


def test_a_lock_held_while_forking_does_not_stop_the_child(program):
    program.result(
        """
        import multiprocessing, threading
        stop = False
        def busy():
            while not stop:
                orchestrate.metric("m", 1)
        thread = threading.Thread(target=busy)
        thread.start()
        def work(number):
            orchestrate.metric(f"c{number}", number)
        context = multiprocessing.get_context("fork")
        for number in range(20):
            process = context.Process(target=work, args=(number,))
            process.start()
            process.join()
        stop = True
        thread.join()
        """
    )
    assert set(program.metrics()) == {"m"} | {f"c{number}" for number in range(20)}


def test_a_signal_handler_may_record(program):
    program.result(
        """
        import signal
        signal.signal(signal.SIGALRM, lambda *_: orchestrate.metric("handled", 1))
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        for number in range(20000):
            orchestrate.metric("x", number)
        signal.setitimer(signal.ITIMER_REAL, 0)
        """
    )
    assert program.metrics()["x"] == 19999


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))", "was not written"),
        ("import os; os.rename('attempt', 'gone')", "was not written"),
        ("import os; os.environ['ORCHESTRATE_RESULT'] = '/proc/result.json'", "was not written"),
        ("import os; os.mkdir(os.environ['ORCHESTRATE_RESULT'])", "was not written"),
    ],
)
def test_no_success_without_its_values(program, before, words):
    outcome = program.run(f"{before}\norchestrate.metric('x', 1)\nprint('done')")
    assert outcome.returncode == 1
    assert words in outcome.stderr
    assert outcome.stdout == "done\n"
    assert not [file for file in program.result_path.parent.glob("result.json.*")]


def test_the_result_is_replaced_whole(program):
    program.result("orchestrate.metric('x', 1)")
    assert program.result_path.is_file()
    assert {file.name for file in program.result_path.parent.iterdir()} == {"result.json", "output"}


def test_by_hand_it_prints(program):
    outcome = program.run(
        """
        settings = orchestrate.parameters(rate=0.5, name="a")
        orchestrate.log(step=3, loss=settings["rate"], accuracy=1)
        orchestrate.metric("time", 1 / 3, unit="s")
        orchestrate.sample("t", 2, repetition=1, warmup=True)
        (orchestrate.scratch / "x").write_text("x")
        orchestrate.artifact("program", "program.py")
        orchestrate.progress(1, 3)
        print(orchestrate.seed(), settings["name"], orchestrate.measurement())
        """,
        "rate=0.25",
        by_hand=True,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.splitlines() == [
        "step 3  loss 0.25  accuracy 1",
        "time = 0.333333 s",
        "t[1] = 2 (warm-up)",
        f"artifact program: {program.folder}/program.py",
        "1/3",
        "0 a {}",
    ]


def test_inputs_are_found(program):
    outcome = program.run(
        """
        print(orchestrate.inputs["the-model"], [str(path) for path in orchestrate.inputs.all("images")])
        print(orchestrate.inputs.all("many")[2], "none" in orchestrate.inputs, "images" in orchestrate.inputs)
        for name in ("images", "none"):
            try: orchestrate.inputs[name]
            except Exception as problem: print(problem)
        """,
        ORCHESTRATE_INPUT_THE_MODEL="/a/m",
        ORCHESTRATE_INPUT_IMAGES="/a/1\n/a/2",
        ORCHESTRATE_INPUT_MANY_FILE=_listing(program),
    )
    assert outcome.stdout.splitlines() == [
        "/a/m ['/a/1', '/a/2']",
        "/a/2 False True",
        "input 'images' has 2 paths, of the trials that it collects; use inputs.all('images')",
        "there is no input 'none'; name it in the stage's 'inputs'",
    ], outcome.stderr


def _listing(program):
    file = program.folder / "list.txt"
    file.write_text("".join(f"/a/{number}\n" for number in range(3)))
    return str(file)
