"""What it costs to observe the files that a command reads: each command with and without the observer, in turns.

Usage: observation_cost.py [FOLDER OF THE BUILT PROGRAMS]   (.build/release unless given)
"""

import os
import statistics
import struct
import sys
import tempfile
import time

LOG_BYTES = 4096 + 8 * (1 << 17) + (128 << 20)
MAGIC = 0x31474F4C44414552


def run(words, observer):
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    log = None
    start = time.perf_counter()
    if observer:
        log = os.memfd_create("log")
        os.ftruncate(log, LOG_BYTES)
        os.pwrite(log, struct.pack("<Q", MAGIC), 0)
        environment["LD_PRELOAD"] = observer
        environment["ORCHESTRATE_READ_LOG"] = f"/proc/{os.getpid()}/fd/{log}"
    process = os.posix_spawnp(words[0], words, environment)
    _, status = os.waitpid(process, 0)
    seconds = time.perf_counter() - start
    assert status == 0, words
    noted = 0
    if log is not None:
        noted = struct.unpack_from("<QQQ", os.pread(log, 24, 0))[1]
        os.close(log)
    return seconds, noted


def compare(name, words, rounds, observer):
    plain, observed = [], []
    for round in range(rounds):
        pair = [(plain, None), (observed, observer)]
        for times, library in pair if round % 2 else reversed(pair):
            seconds, noted = run(words, library)
            times.append(seconds)
            assert library is None or noted > 0, f"{name} is not observed"
    ratios = sorted(b / a for a, b in zip(plain, observed))
    quartiles = statistics.quantiles(ratios, n=4)
    print(
        f"| {name} | {statistics.median(plain) * 1e3:.2f} ms | {statistics.median(observed) * 1e3:.2f} ms "
        f"| {statistics.median(ratios):.3f} [{quartiles[0]:.3f}, {quartiles[2]:.3f}] |"
    )


def main():
    products = sys.argv[1] if len(sys.argv) > 1 else ".build/release"
    observer = os.path.abspath(f"{products}/libReadObserver.so")
    print("| command | alone | observed | ratio, median [quartiles] |\n|---|--:|--:|--:|")
    compare("`true`", ["true"], 1000, observer)
    compare("`python3 -c 'import json, argparse'`", ["/usr/bin/python3", "-c", "import json, argparse"], 100, observer)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(100):
            with open(f"{folder}/f{number}.c", "w") as file:
                file.write(f"#include <stdio.h>\nint f{number}(void) {{ return puts(\"{number}\"); }}\n")
        script = f"cd {folder} && for f in *.c; do cc -c $f || exit 1; done"
        compare("`cc -c` of 100 files", ["sh", "-c", script], 5, observer)
        for number in range(50_000):
            with open(f"{folder}/d{number}", "w") as file:
                file.write(str(number))
        reading = f"import os\nfor n in range(50000):\n  with open('{folder}/d' + str(n)) as f: f.read()"
        compare("reading 50,000 files", ["/usr/bin/python3", "-c", reading], 7, observer)


main()
