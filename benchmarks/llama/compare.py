#!/usr/bin/env python3
"""Compares local models with a plain C loop over the same libllama, on the same file.

    python3 benchmarks/llama/compare.py [--reps 3] [--tokens 200] [--model FILE.gguf]

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
    return json.loads(out.strip().splitlines()[-1])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--reps", type=int, default=3)
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
    print("| streams | C tokens/s | ours tokens/s | ratio | C first ms | ours first ms | C MB | ours MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for streams in (1, 4, 16):
        theirs, ours = [], []
        for _ in range(told.reps):
            theirs.append(run([work / "baseline", lib, model, streams, told.tokens, told.threads]))
            ours.append(run(java("dev.sluice.benchmarks.LocalModelRun", lib, model, streams, told.tokens, told.threads)))

        def median(runs, key):
            return statistics.median(one[key] for one in runs)

        speed = median(theirs, "tokens_per_second"), median(ours, "tokens_per_second")
        print(f"| {streams} | {speed[0]:.0f} | {speed[1]:.0f} | {speed[1] / speed[0]:.3f}"
              f" | {median(theirs, 'first_ms'):.1f} | {median(ours, 'first_ms'):.1f}"
              f" | {median(theirs, 'resident_mb'):.0f} | {median(ours, 'resident_mb'):.0f} |", flush=True)


if __name__ == "__main__":
    main()
