#!/usr/bin/env python3
"""Compares local models with a plain C loop over the same libllama, on the same file.

    python3 benchmarks/llama/compare.py [--reps 2] [--runs 8] [--streams 1,4,16] [--tokens 200] [--model FILE.gguf]

The loop is run as it is and with threads that live on from step to step, which is what the engine gives the library. A
repetition starts a process of each; then they make their runs in turn, one at a time, so that whatever else the machine does
hits all of them. Figures are medians over all runs; a ratio is the median of the ratios of runs that followed each other,
behind it its quartiles. "cold" is the very first run of a JVM.

--late N asks ours alone: while the streams write, another comes with a prompt of N letters.

Needs gcc, a built benchmarks.jar (mvn -q -DskipTests package) and what tools/Natives.java fetched.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "benchmarks/target/app/benchmarks.jar"
PAUSE = 0.3  # seconds; threads of the run before look for work that long


def build(lib, target):
    libraries = sorted(lib.glob("libllama.*so")) + sorted(lib.glob("libggml.*so")) + [lib / "libggml-base.so"]
    subprocess.run(
        ["gcc", "-O2", "-o", target, ROOT / "benchmarks/llama/baseline.c", *libraries, f"-Wl,-rpath,{lib}", "-lm"],
        check=True)


def java(*arguments):
    found = subprocess.run(["sh", "-c", 'root=$1; me=compare.py; . "$root/tools/jdk.sh"; find_jdk; echo "$jdk"', "sh", ROOT],
                           check=True, capture_output=True, text=True).stdout.strip()
    classes = os.pathsep.join(map(str, [*sorted(ROOT.glob("*/target/classes")), JAR.parent / "lib/*"]))
    return [f"{found}/bin/java", f"@{ROOT}/tools/jvm.options", "-cp", classes, *map(str, arguments)]


class Program:
    """A program that makes a run for each line it is sent, and tells a line of figures."""

    def __init__(self, *command):
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def told(self):
        return json.loads(self.process.stdout.readline())

    def run(self):
        time.sleep(PAUSE)
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.told()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def median(runs, key):
    return statistics.median(one[key] for one in runs)


def ratio(ours, theirs):
    low, middle, high = statistics.quantiles(
        [a["tokens_per_second"] / b["tokens_per_second"] for a, b in zip(ours, theirs)], n=4, method="inclusive")
    return f"{middle:.3f} ({low:.2f} to {high:.2f})"


def compare(baseline, told, lib, model):
    print("| streams | C tokens/s | with a pool | ours | ours / C | ours / with a pool | cold / C "
          "| first token C, pool, ours ms | the last first token | between tokens | MB C, ours |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for streams in map(int, told.streams.split(",")):
        plain, pooled, ours, cold = [], [], [], []
        same = [lib, model, streams, told.tokens, told.threads]
        for _ in range(told.reps):
            mine = Program(*java("dev.sluice.benchmarks.LocalModelRun", *same))
            cold.append(mine.told())
            programs = [Program(baseline, *same, 0), Program(baseline, *same, 1), mine]
            for _ in range(told.runs):
                for program, runs in zip(programs, (plain, pooled, ours)):
                    runs.append(program.run())
            for program in programs:
                program.close()
        all_three = (plain, pooled, ours)

        def each(key, form):
            return ", ".join(format(median(one, key), form) for one in all_three)

        print(f"| {streams} | {median(plain, 'tokens_per_second'):.0f} | {median(pooled, 'tokens_per_second'):.0f}"
              f" | {median(ours, 'tokens_per_second'):.0f} | {ratio(ours, plain)} | {ratio(ours, pooled)}"
              f" | {median(cold, 'tokens_per_second') / median(plain, 'tokens_per_second'):.2f}"
              f" | {each('first_ms', '.1f')} | {each('last_first_ms', '.1f')} | {each('gap_ms', '.2f')}"
              f" | {median(plain, 'resident_mb'):.0f}, {median(ours, 'resident_mb'):.0f} |", flush=True)


def late(told, lib, model):
    print("| streams | prompt, letters | first token of the newcomer ms | between tokens of the others, median and most ms |")
    print("|---|---:|---:|---:|")
    for streams in map(int, told.streams.split(",")):
        program = Program(*java("dev.sluice.benchmarks.LocalModelRun", lib, model, streams, told.tokens, told.threads,
                                "--late", told.late))
        program.told()
        runs = [program.run() for _ in range(told.reps * told.runs)]
        program.close()
        print(f"| {streams} | {told.late} | {median(runs, 'late_first_ms'):.0f}"
              f" | {median(runs, 'gap_ms'):.2f}, {median(runs, 'gap_most_ms'):.1f} |", flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--reps", type=int, default=2)
    options.add_argument("--runs", type=int, default=8)
    options.add_argument("--streams", default="1,4,16")
    options.add_argument("--tokens", type=int, default=200)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--late", type=int, default=0)
    options.add_argument("--model", type=pathlib.Path)
    told = options.parse_args()
    lib = ROOT / (ROOT / "target/natives/current").read_text().strip()
    work = ROOT / "benchmarks/target/llama"
    work.mkdir(parents=True, exist_ok=True)
    model = told.model or work / "bench.gguf"
    if not model.exists():
        subprocess.run(java("dev.sluice.benchmarks.LocalModelRun", "--write", model), check=True)
    if told.late:
        late(told, lib, model)
        return
    build(lib, work / "baseline")
    compare(work / "baseline", told, lib, model)


if __name__ == "__main__":
    main()
