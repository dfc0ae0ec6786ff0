"""The demo model: a llama of a few million weights, and how a dialogue becomes its training data.

The shape is what llama.cpp calls architecture "llama": RMSNorm, rotary positions, SwiGLU, tied embeddings. The norms have no
gains of their own (they are ones in the GGUF), which a model of this size does not miss. Matrices are multiplied in bfloat16,
which is many times faster than float32 on processors that have AMX or AVX512-BF16.
"""
import math
import random

import numpy
import torch
import torch.nn.functional as F

import dialogues

WIDTH, LAYERS, HEADS, HIDDEN, CONTEXT, BASE, EPSILON = 256, 6, 4, 640, 1024, 10000.0, 1e-5
HALF = torch.bfloat16


class Norm(torch.autograd.Function):
    """RMSNorm without gain. Its gradient is written out, as those below are: autograd would pass over memory several times more."""

    @staticmethod
    def forward(context, x):
        scale = torch.rsqrt(torch.linalg.vector_norm(x, dim=-1, keepdim=True).square_().div_(x.shape[-1]).add_(EPSILON))
        out = x * scale
        context.save_for_backward(out, scale)
        return out.to(HALF)

    @staticmethod
    def backward(context, grad):
        out, scale = context.saved_tensors
        grad = grad.float()
        mean = (grad * out).sum(-1, keepdim=True).div_(out.shape[-1])
        return grad.addcmul_(out, mean, value=-1).mul_(scale)


class Heads(torch.autograd.Function):
    """Queries, keys and values of all heads from their common projection, the first two turned by their positions."""

    @staticmethod
    def forward(context, qkv, turns):
        batch, length, width = qkv.shape
        size = width // 3 // HEADS
        heads = qkv.view(batch, length, 3, HEADS, size).permute(2, 0, 3, 1, 4)
        query_key = turned(heads[:2].float().contiguous(), turns)
        context.turns = turns
        return query_key[0].flatten(0, 1), query_key[1].flatten(0, 1), heads[2].reshape(batch * HEADS, length, size)

    @staticmethod
    def backward(context, query, key, value):
        rows, length, size = query.shape
        batch = rows // HEADS
        grad = torch.empty(batch, length, 3, HEADS, size, dtype=HALF)
        query_key = turned(torch.stack((query, key)).float().view(2, batch, HEADS, length, size), context.turns.conj().resolve_conj())
        grad[:, :, :2] = query_key.permute(1, 3, 0, 2, 4)
        grad[:, :, 2] = value.view(batch, HEADS, length, size).transpose(1, 2)
        return grad.view(batch, length, -1), None


def turned(x, turns):
    """Neighbours are the two parts of a complex number, which a turn multiplies."""
    return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2))).mul_(turns)).flatten(-2).to(HALF)


class Gated(torch.autograd.Function):
    """silu(gate) * up, where the projection holds both side by side."""

    @staticmethod
    def forward(context, both):
        gate, up = both.float().chunk(2, -1)
        gate = gate.contiguous()
        sigmoid = torch.sigmoid(gate)
        context.save_for_backward(both, sigmoid)
        return gate.mul_(sigmoid).mul_(up).to(HALF)

    @staticmethod
    def backward(context, grad):
        both, sigmoid = context.saved_tensors
        gate, up = both.float().chunk(2, -1)
        grad = grad.float()
        out = torch.empty_like(both)
        silu = gate * sigmoid
        out[..., gate.shape[-1]:] = silu * grad
        # The derivative of silu is sigmoid + silu * (1 - sigmoid).
        out[..., :gate.shape[-1]] = silu.neg().addcmul_(silu, sigmoid, value=1).neg_().add_(sigmoid).mul_(up).mul_(grad)
        return out


class Model(torch.nn.Module):
    def __init__(self, vocabulary, seed=1):
        super().__init__()
        source = torch.Generator().manual_seed(seed)

        def matrix(rows, columns, scale=1.0):
            return torch.nn.Parameter(torch.randn(rows, columns, generator=source) * (scale / math.sqrt(columns)))

        # All embeddings share a part, on which attention to a position (whatever token is there) can rest.
        common = torch.randn(WIDTH, generator=source)
        self.embedding = torch.nn.Parameter(0.04 * (torch.randn(vocabulary, WIDTH, generator=source) + common))
        self.layers = torch.nn.ModuleList()
        for _ in range(LAYERS):
            layer = torch.nn.Module()
            layer.qkv = matrix(3 * WIDTH, WIDTH)
            layer.out = matrix(WIDTH, WIDTH, 0.04)
            layer.up = matrix(2 * HIDDEN, WIDTH)
            layer.down = matrix(WIDTH, HIDDEN, 0.04)
            self.layers.append(layer)
        with torch.no_grad():
            self.lean_towards_copying(common)
        size = WIDTH // HEADS
        angles = torch.arange(CONTEXT)[:, None] * (BASE ** (-torch.arange(0, size, 2) / size))[None]
        self.turns = torch.polar(torch.ones_like(angles), angles)

    def lean_towards_copying(self, common):
        """First weights from which copying is found soon.

        What is copied follows a token that was there before. For that, a head of the first layer looks at the token before and
        writes down which it was; in the others keys begin near to queries, so that a token looks at places that come after its
        like; and half of their heads put what they see straight into the answer. Training keeps of it what it needs.
        """
        size = WIDTH // HEADS
        direction = common / (common @ common) * math.sqrt(2)
        strength, pairs = 4.6, 6
        speeds = BASE ** (-torch.arange(0, 2 * pairs, 2) / size)
        here, before = torch.zeros(size), torch.zeros(size)
        here[0:2 * pairs:2] = strength
        before[0:2 * pairs:2], before[1:2 * pairs:2] = strength * speeds.cos(), strength * speeds.sin()
        for place, layer in enumerate(self.layers):
            query, key, value = layer.qkv.split(WIDTH)
            key.add_(query).mul_(math.sqrt(0.5))
            seen = slice(0, size) if place == 0 else slice(0, WIDTH // 2)
            layer.out[:, seen].add_(value[seen].T, alpha=0.07 if place == 0 else 0.05)
            if place == 0:
                query[seen], key[seen] = torch.outer(here, direction), torch.outer(before, direction)

    def forward(self, ids, mask):
        """The last hidden states; mask is (batch, length, length), 0 where one may look and very negative elsewhere."""
        batch, length = ids.shape
        size = WIDTH // HEADS
        mask = mask[:, None].expand(batch, HEADS, length, length).reshape(batch * HEADS, length, length)
        x = F.embedding(ids, self.embedding)
        for layer in self.layers:
            query, key, value = Heads.apply(F.linear(Norm.apply(x), layer.qkv.to(HALF)), self.turns[:length])
            scores = torch.baddbmm(mask, query, key.transpose(1, 2), alpha=1 / math.sqrt(size))
            seen = torch.bmm(torch.softmax(scores, -1), value)
            seen = seen.view(batch, HEADS, length, size).transpose(1, 2).reshape(batch, length, WIDTH)
            x = x + F.linear(seen, layer.out.to(HALF))
            x = x + F.linear(Gated.apply(F.linear(Norm.apply(x), layer.up.to(HALF))), layer.down.to(HALF))
        return Norm.apply(x)

    def loss(self, ids, mask, places, targets):
        hidden = self(ids, mask).view(-1, WIDTH)[places]
        return F.cross_entropy(F.linear(hidden, self.embedding.to(HALF)).float(), targets)

    @torch.no_grad()
    def answer(self, tokenizer, messages, most=200):
        """The greedy answer, told without a cache: for checks only."""
        ids = prompt(tokenizer, messages)
        first = len(ids)
        while len(ids) - first < most:
            length = len(ids)
            mask = torch.full((length, length), -1e4, dtype=HALF).triu(1)[None]
            hidden = self(torch.tensor([ids]), mask)[0, -1:]
            token = int(F.linear(hidden, self.embedding.to(HALF))[0].argmax())
            if token == tokenizer.stop:
                return tokenizer.decode(ids[first:])
            ids.append(token)
        return tokenizer.decode(ids[first:]) + " (no end)"


def message(tokenizer, role, text):
    return [tokenizer.start] + tokenizer.encode(role + "\n" + text) + [tokenizer.stop] + tokenizer.encode("\n")


def prompt(tokenizer, messages):
    ids = [token for role, text in messages for token in message(tokenizer, role, text)]
    return ids + [tokenizer.start] + tokenizer.encode("assistant\n")


def encoded(tokenizer, messages):
    """The tokens of a dialogue, and for each whether the model is to learn to say it."""
    ids, said = [], []
    for role, text in messages:
        start = [tokenizer.start] + tokenizer.encode(role + "\n")
        rest = tokenizer.encode(text) + [tokenizer.stop]
        ids += start + rest + tokenizer.encode("\n")
        said += [False] * len(start) + [role == "assistant"] * len(rest) + [False]
    return ids, said


def batch(tokenizer, seed, step, tokens, length):
    """The batch of a step, a function of the seed and the step alone: rows of whole dialogues that do not see each other."""
    source = random.Random(seed * 1_000_003 + step)
    rows = tokens // length
    ids = numpy.zeros((rows, length), dtype=numpy.int64)
    owner = -numpy.arange(1, length + 1, dtype=numpy.int32)[None].repeat(rows, 0)
    learn = numpy.zeros((rows, length), dtype=bool)
    used = [0] * rows
    misses = number = 0
    while misses < 12:
        dialogue, said = encoded(tokenizer, dialogues.dialogue(source, 4 if length <= 256 else 7 if length <= 512 else 16))
        row = next((row for row in range(rows) if used[row] + len(dialogue) <= length), None)
        if row is None:
            misses += 1
            continue
        here = slice(used[row], used[row] + len(dialogue))
        ids[row, here], owner[row, here], learn[row, here] = dialogue, number, said
        used[row] += len(dialogue)
        number += 1
    ids, owner = torch.from_numpy(ids), torch.from_numpy(owner)
    places = torch.from_numpy(numpy.flatnonzero(learn[:, 1:].ravel()))
    places = places // (length - 1) * length + places % (length - 1)
    targets = ids.view(-1)[places + 1]
    allowed = (owner[:, :, None] == owner[:, None, :]).tril_()
    mask = torch.zeros(allowed.shape, dtype=HALF).masked_fill_(~allowed, -1e4)
    return ids, mask, places, targets
