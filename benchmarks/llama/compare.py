#!/usr/bin/env python3
"""Compares local models with a plain C loop over the same libllama, on the same file.

    python3 benchmarks/llama/compare.py [--reps 3] [--runs 3] [--streams 1,4,16] [--tokens 200] [--model FILE.gguf]

The loop is run as it is and with threads that live on from step to step, which is what the engine gives the library. A
repetition is a process of each, one after the other; a process makes some runs. Figures are medians over all of them.
"cold" is the very first run of a JVM.

Needs gcc, a built benchmarks.jar (mvn -q -DskipTests package) and what tools/Natives.java fetched.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "benchmarks/target/app/benchmarks.jar"


def build(lib, target):
    libraries = sorted(lib.glob("libllama.*so")) + sorted(lib.glob("libggml.*so")) + [lib / "libggml-base.so"]
    subprocess.run(
        ["gcc", "-O2", "-o", target, ROOT / "benchmarks/llama/baseline.c", *libraries, f"-Wl,-rpath,{lib}", "-lm"],
        check=True)


def java(*arguments):
    home = os.environ.get("JAVA_HOME")
    program = f"{home}/bin/java" if home else "java"
    return [program, f"@{ROOT}/tools/jvm.options", "-cp", str(JAR), *map(str, arguments)]


def run(command):
    out = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.strip().splitlines()]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--reps", type=int, default=3)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--streams", default="1,4,16")
    options.add_argument("--tokens", type=int, default=200)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--model", type=pathlib.Path)
    told = options.parse_args()
    lib = ROOT / (ROOT / "target/natives/current").read_text().strip()
    work = ROOT / "benchmarks/target/llama"
    work.mkdir(parents=True, exist_ok=True)
    model = told.model or work / "bench.gguf"
    if not model.exists():
        subprocess.run(java("dev.sluice.benchmarks.LocalModelRun", "--write", model), check=True)
    build(lib, work / "baseline")
    print("| streams | C tokens/s | C with a pool | ours | ours / C | ours / C with a pool | cold / C | first token C, pool, ours ms | MB C, ours |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for streams in map(int, told.streams.split(",")):
        plain, pooled, ours, cold = [], [], [], []
        same = [lib, model, streams, told.tokens, told.threads, told.runs]
        for _ in range(told.reps):
            plain += run([work / "baseline", *same, 0])
            pooled += run([work / "baseline", *same, 1])
            first, *later = run(java("dev.sluice.benchmarks.LocalModelRun", *same))
            ours += later
            cold.append(first)

        def median(runs, key="tokens_per_second"):
            return statistics.median(one[key] for one in runs)

        print(f"| {streams} | {median(plain):.0f} | {median(pooled):.0f} | {median(ours):.0f}"
              f" | {median(ours) / median(plain):.2f} | {median(ours) / median(pooled):.2f} | {median(cold) / median(plain):.2f}"
              f" | {', '.join(format(median(one, 'first_ms'), '.1f') for one in (plain, pooled, ours))}"
              f" | {median(plain, 'resident_mb'):.0f}, {median(ours, 'resident_mb'):.0f} |", flush=True)


if __name__ == "__main__":
    main()
