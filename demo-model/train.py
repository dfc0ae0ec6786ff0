"""Trains the demo model from nothing: python3 train.py

Everything follows from the seed: the dialogues, the first weights, the order of the batches. A checkpoint is written every
200 steps, and a run that was stopped goes on from it.
"""
import argparse
import ctypes
import os
import random
import time

import torch

import dialogues
import model as shape
import tokenizer as words

LENGTHS = [256, 256, 256, 256, 512, 256, 256, 256, 256, 1024]


def tokenizer_for(seed):
    source = random.Random(seed)
    texts = []
    for _ in range(12_000):
        for role, text in dialogues.dialogue(source):
            texts += [role + "\n", text]
    return words.train(texts, 1050, 720)


def keep_memory():
    """Keeps freed memory in the process: every step asks for the same sizes, and fresh pages from the system cost a tenth of it."""
    libc = ctypes.CDLL("libc.so.6")
    no_mapping, no_trimming = (-4, 0), (-1, 2 ** 31 - 1)
    for option in (no_mapping, no_trimming):
        if not libc.mallopt(*option):
            raise OSError(f"mallopt{option}")


def rate(step, steps, peak, warm=200, tail=0.5):
    """Up, level, and down over the last part: so a run may be given more steps, or fewer, while it is level."""
    return peak * min(1.0, (step + 1) / warm, max(0.01, (steps - step) / (steps * tail)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "build"))
    options.add_argument("--steps", type=int, default=10600)
    options.add_argument("--tokens", type=int, default=2048, help="tokens of one batch")
    options.add_argument("--rate", type=float, default=1.4e-3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--stop-after", type=int, default=0, help="stop at this step, as if interrupted")
    options = options.parse_args()
    torch.set_num_threads(options.threads)
    keep_memory()
    os.makedirs(options.out, exist_ok=True)

    vocabulary = os.path.join(options.out, "tokenizer.json")
    if not os.path.exists(vocabulary):
        tokenizer_for(options.seed).save(vocabulary)
    tokenizer = words.Tokenizer.load(vocabulary)
    model = shape.Model(len(tokenizer.tokens), options.seed)
    print(f"{len(tokenizer.tokens)} tokens, {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M weights", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.95), weight_decay=0.05, foreach=True)

    checkpoint = os.path.join(options.out, "checkpoint.pt")
    step, spent = 0, 0.0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent = saved["step"], saved["spent"]

    def save():
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "spent": spent}, checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)

    total, started = 0.0, time.process_time()
    while step < options.steps:
        ids, mask, places, targets = shape.batch(tokenizer, options.seed, step, options.tokens, LENGTHS[step % len(LENGTHS)])
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options.steps, options.rate)
        loss = model.loss(ids, mask, places, targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
        step += 1
        if step % 50 == 0:
            spent += time.process_time() - started
            started = time.process_time()
            print(f"{time.strftime('%H:%M:%S')} step {step} loss {total / 50:.4f} cpu {spent / 60:.1f} min", flush=True)
            total = 0.0
        if step % 200 == 0 or step == options.steps or step == options.stop_after:
            save()
        if step == options.stop_after:
            break


if __name__ == "__main__":
    main()
