"""A byte-level BPE tokenizer, trained here and read by llama.cpp as tokenizer model "gpt2", pre-tokenizer "gpt-2".

Two rules make copying easy for a small model. A digit is never merged, so numbers are read digit by digit. And a space is merged
only with a whole common word, after all merges of letters: an uncommon word has the same pieces at the start of an answer as in
the middle of a question.
"""
import collections
import json
import re

END, START, STOP = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL = [END, START, STOP]
WORD = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_letters():
    """GPT-2's printable stand-in for every byte."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters, spare = {}, 0
    for byte in range(256):
        if byte in plain:
            letters[byte] = chr(byte)
        else:
            letters[byte] = chr(256 + spare)
            spare += 1
    return letters


LETTERS = byte_letters()
BYTES = {letter: byte for byte, letter in LETTERS.items()}
SPACE = LETTERS[ord(" ")]


def in_letters(text):
    return "".join(LETTERS[byte] for byte in text.encode("utf-8"))


class Tokenizer:
    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.tokens = SPECIAL + [LETTERS[byte] for byte in range(256)] + [left + right for left, right in self.merges]
        self.ids = {token: place for place, token in enumerate(self.tokens)}
        self.start, self.stop, self.end = self.ids[START], self.ids[STOP], self.ids[END]
        self.known = {}

    def word(self, word):
        found = self.known.get(word)
        if found is None:
            parts = list(in_letters(word))
            while len(parts) > 1:
                rank, place = min((self.ranks.get(pair, 1 << 30), at) for at, pair in enumerate(zip(parts, parts[1:])))
                if rank == 1 << 30:
                    break
                parts[place:place + 2] = [parts[place] + parts[place + 1]]
            found = [self.ids[part] for part in parts]
            if len(self.known) < 200_000:
                self.known[word] = found
        return found

    def encode(self, text):
        return [token for word in WORD.findall(text) for token in self.word(word)]

    def decode(self, ids):
        return bytes(BYTES[letter] for token in ids if token >= len(SPECIAL) for letter in self.tokens[token]).decode("utf-8", "replace")

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"merges": self.merges}, file, ensure_ascii=False)

    @staticmethod
    def load(path):
        with open(path, encoding="utf-8") as file:
            return Tokenizer(json.load(file)["merges"])


def train(texts, pieces, spaced):
    """Learns `pieces` merges within words, then a merge with the space before for the `spaced` most common whole words."""
    counts, with_space = collections.Counter(), collections.Counter()
    for text in texts:
        for word in WORD.findall(text):
            if any(letter.isdigit() for letter in word):
                continue
            if word[0] == " " and len(word) > 1:
                with_space[in_letters(word[1:])] += 1
                word = word[1:]
            counts[in_letters(word)] += 1
    words = [(list(word), count) for word, count in counts.items()]
    merges = []
    while len(merges) < pieces:
        pairs = collections.Counter()
        for parts, count in words:
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        joined = best[0] + best[1]
        for parts, _ in words:
            place = 0
            while place < len(parts) - 1:
                if parts[place] == best[0] and parts[place + 1] == best[1]:
                    parts[place:place + 2] = [joined]
                place += 1
    whole = {left + right for left, right in merges} | set(LETTERS.values())
    common = [word for word, _ in sorted(with_space.items(), key=lambda item: (-item[1], item[0]))
              if word in whole and (len(word) > 1 or word in "aIi" or not word.isalpha())]
    return Tokenizer(merges + [(SPACE, word) for word in common[:spaced]])
