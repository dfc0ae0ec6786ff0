"""Writes the trained model as a GGUF that llama.cpp loads: python3 export.py

The matrices are stored as Q8_0 (blocks of 32 weights: a half-precision scale and 32 signed bytes), the norms as ones in float32.
"""
import argparse
import os
import struct

import numpy
import torch

import model as shape
import tokenizer as words

HERE = os.path.dirname(os.path.abspath(__file__))
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
F32, Q8_0, ALIGNMENT = 0, 8, 32
NORMAL, CONTROL = 1, 3
# What a client gets that asks for none.
TEMPERATURE = 0.2
TEMPLATE = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
            "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")


def string(text):
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def value(kind, content):
    """A value with its type before it."""
    if kind == STRING:
        return struct.pack("<I", kind) + string(content)
    if isinstance(kind, tuple):
        of = kind[1]
        items = (string(item) if of == STRING else struct.pack("<i", item) for item in content)
        return struct.pack("<IIQ", ARRAY, of, len(content)) + b"".join(items)
    return struct.pack("<I", kind) + struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], content)


def q8_0(matrix):
    blocks = matrix.astype(numpy.float32).reshape(-1, 32)
    scales = (numpy.abs(blocks).max(axis=1) / 127).astype(numpy.float16)
    wide = scales.astype(numpy.float32)[:, None]
    steps = numpy.where(wide > 0, numpy.round(blocks / numpy.where(wide > 0, wide, 1)), 0).clip(-127, 127)
    out = numpy.empty(len(blocks), dtype=[("scale", "<f2"), ("steps", "i1", 32)])
    out["scale"], out["steps"] = scales, steps.astype(numpy.int8)
    return out.tobytes()


def tensors(weights):
    """Name, dimensions (fastest first), type and bytes of every tensor."""
    weights = {name: tensor.float().numpy() for name, tensor in weights.items()}

    def matrix(name, data):
        return name, data.shape[::-1], Q8_0, q8_0(data)

    def norm(name):
        return name, (shape.WIDTH,), F32, numpy.ones(shape.WIDTH, dtype="<f4").tobytes()

    yield matrix("token_embd.weight", weights["embedding"])
    for place in range(shape.LAYERS):
        layer, block = f"layers.{place}.", f"blk.{place}."
        query, key, content = numpy.split(weights[layer + "qkv"], 3)
        gate, up = numpy.split(weights[layer + "up"], 2)
        yield norm(block + "attn_norm.weight")
        yield matrix(block + "attn_q.weight", query)
        yield matrix(block + "attn_k.weight", key)
        yield matrix(block + "attn_v.weight", content)
        yield matrix(block + "attn_output.weight", weights[layer + "out"])
        yield norm(block + "ffn_norm.weight")
        yield matrix(block + "ffn_gate.weight", gate)
        yield matrix(block + "ffn_up.weight", up)
        yield matrix(block + "ffn_down.weight", weights[layer + "down"])
    yield norm("output_norm.weight")


def metadata(tokenizer):
    kinds = [CONTROL] * len(words.SPECIAL) + [NORMAL] * (len(tokenizer.tokens) - len(words.SPECIAL))
    return [
        ("general.architecture", STRING, "llama"), ("general.type", STRING, "model"), ("general.name", STRING, "Sluice Demo"),
        ("general.description", STRING, "A small chat model trained from scratch on synthetic dialogues, to show how answers stream."),
        ("general.license", STRING, "apache-2.0"), ("general.quantization_version", UINT32, 2), ("general.file_type", UINT32, 7),
        ("general.sampling.temp", FLOAT32, TEMPERATURE),
        ("llama.vocab_size", UINT32, len(tokenizer.tokens)), ("llama.context_length", UINT32, shape.CONTEXT),
        ("llama.embedding_length", UINT32, shape.WIDTH), ("llama.block_count", UINT32, shape.LAYERS),
        ("llama.feed_forward_length", UINT32, shape.HIDDEN), ("llama.attention.head_count", UINT32, shape.HEADS),
        ("llama.attention.head_count_kv", UINT32, shape.HEADS), ("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape.EPSILON),
        ("llama.rope.dimension_count", UINT32, shape.WIDTH // shape.HEADS), ("llama.rope.freq_base", FLOAT32, shape.BASE),
        ("tokenizer.ggml.model", STRING, "gpt2"), ("tokenizer.ggml.pre", STRING, "gpt-2"),
        ("tokenizer.ggml.tokens", (ARRAY, STRING), tokenizer.tokens), ("tokenizer.ggml.token_type", (ARRAY, INT32), kinds),
        ("tokenizer.ggml.merges", (ARRAY, STRING), [left + " " + right for left, right in tokenizer.merges]),
        ("tokenizer.ggml.bos_token_id", UINT32, tokenizer.end), ("tokenizer.ggml.eos_token_id", UINT32, tokenizer.stop),
        ("tokenizer.ggml.padding_token_id", UINT32, tokenizer.end), ("tokenizer.ggml.add_bos_token", BOOL, False),
        ("tokenizer.chat_template", STRING, TEMPLATE),
    ]


def padded(data):
    return data + b"\0" * (-len(data) % ALIGNMENT)


def write(path, pairs, parts):
    head = b"GGUF" + struct.pack("<IQQ", 3, len(parts), len(pairs))
    head += b"".join(string(key) + value(kind, content) for key, kind, content in pairs)
    place = 0
    for name, dimensions, kind, data in parts:
        head += string(name) + struct.pack("<I", len(dimensions)) + struct.pack(f"<{len(dimensions)}Q", *dimensions)
        head += struct.pack("<IQ", kind, place)
        place += len(padded(data))
    with open(path, "wb") as file:
        file.write(padded(head))
        for _, _, _, data in parts:
            file.write(padded(data))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", default=os.path.join(HERE, "build"))
    options.add_argument("--out", default=os.path.join(HERE, "sluice-demo.gguf"))
    options = options.parse_args()
    tokenizer = words.Tokenizer.load(os.path.join(options.build, "tokenizer.json"))
    saved = torch.load(os.path.join(options.build, "checkpoint.pt"))
    write(options.out, metadata(tokenizer), list(tensors(saved["model"])))
    print(f"{options.out}: {os.path.getsize(options.out) / 1e6:.1f} MB, after {saved['step']} steps, {saved['spent'] / 60:.0f} minutes of CPU")


if __name__ == "__main__":
    main()
