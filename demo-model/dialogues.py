"""Writes the dialogues that the demo model learns from, without end and from a seed.

A dialogue is a list of messages (role, text). Every skill is a function that returns what the user says and what the model
answers; `Talk` is what one dialogue remembers between its turns. A user's message that equals one of the held-out prompts is
thrown away and drawn again, so that the evaluation asks only what the model has never seen.
"""
import glob
import json
import os
import random
import re

import answers
import questions
from words import (ADJECTIVES, ALIASES, CATEGORIES, CODAS, HAIKU_FIRST, HAIKU_FIVE, HAIKU_SEVEN, NAMES, NOUNS, NUCLEI, NUMBERS,
                   ONSETS, SINGULAR, SMALL, SUBJECTS, VERBS, WHOLE, phrase_syllables)


class Talk:
    """What one dialogue remembers between its turns."""

    def __init__(self, rng):
        self.rng = rng
        self.name = None
        self.subject = None
        self.last = None
        self.counted = None


def normal(text):
    """A message without case and punctuation: how a prompt is compared with the held-out ones."""
    return re.sub(r"[^a-z0-9+*/<>=-]+", " ", text.lower()).strip()


def read_held_out():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prompts")
    messages, sums, subjects = set(), set(), set()
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
        with open(path, encoding="utf-8") as file:
            for line in file:
                prompt = json.loads(line)
                messages.add(normal(prompt["messages"][-1]["content"]))
                if "sum" in prompt:
                    sums.add(tuple(prompt["sum"]))
                if "subject" in prompt:
                    subjects.add(prompt["subject"])
    return messages, sums, subjects


HELD_OUT, HELD_OUT_SUMS, HELD_OUT_SUBJECTS = read_held_out()
FREE_SUBJECTS = [subject for subject in SUBJECTS if subject not in HELD_OUT_SUBJECTS]


# How people put it.

def imperative(rng, text):
    """A command as different people give it: politely, briefly, in a hurry."""
    first = text[0].lower() + text[1:]
    roll = rng.random()
    if roll < 0.12:
        text = rng.choice(["Please ", "please ", "Now ", "Ok, ", "Okay, ", "Then ", "So, "]) + first
    elif roll < 0.27:
        asked = rng.choice(["Can you ", "Could you ", "Would you ", "Can you please ", "Could you please ", "Will you "]) + first
        return ending(rng, asked, "?")
    elif roll < 0.32:
        text = rng.choice(["I want you to ", "I would like you to ", "I'd like you to ", "Try to ", "Hey, ", "Hi, "]) + first
    if rng.random() < 0.1:
        text += rng.choice([", please", " please", " for me", " now"])
    return ending(rng, text, ".")


def ending(rng, text, mark):
    """The same sentence with the end and the case that haste gives it."""
    roll = rng.random()
    if roll < (0.35 if mark == "." else 0.2):
        mark = ""
    elif roll < 0.38 and mark == ".":
        mark = "!"
    if not text.endswith(("?", "!", ".", ":")):
        text += mark
    if rng.random() < 0.2:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.1:
        text = text.lower()
    if rng.random() < 0.02:
        text = text.upper()
    if rng.random() < 0.05:
        text = slip(rng, text)
    return text


def slip(rng, text):
    """A typing error: a letter lost, doubled or swapped."""
    places = [place for place in range(1, len(text) - 1) if text[place].isalpha() and text[place + 1].isalpha()]
    if not places:
        return text
    place = rng.choice(places)
    return rng.choice([text[:place] + text[place + 1:], text[:place] + text[place] + text[place:],
                       text[:place] + text[place + 1] + text[place] + text[place + 2:]])


def asked(rng, bank):
    """One of a bank's questions. Those that end with a question mark are questions, the others commands."""
    text = rng.choice(bank)
    return ending(rng, text[:-1], "?") if text.endswith("?") else imperative(rng, text)


def fill(text, **values):
    """Puts values in their places, which a change of case may have changed too."""
    return re.sub(r"\{(\w+)\}", lambda place: str(values[place[1].lower()]), text)


def number(rng, value):
    """A number in digits, or now and then as a word."""
    return NUMBERS[value] if value < len(NUMBERS) and rng.random() < 0.25 else str(value)


# Words to copy.

def invented(rng):
    """A word that is in no dictionary."""
    roll = rng.random()
    if roll < 0.75:
        word = "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(rng.choice([1, 2, 2, 2, 3, 3])))
    elif roll < 0.9:
        word = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(2, 8)))
    else:
        word = str(rng.randrange(10 ** rng.randint(1, 5)))
    roll = rng.random()
    return word.capitalize() if roll < 0.15 else word.upper() if roll < 0.18 else word


def known(rng):
    roll = rng.random()
    if roll < 0.4:
        return rng.choice(NOUNS)
    if roll < 0.6:
        return rng.choice(ADJECTIVES)
    if roll < 0.75:
        return rng.choice(VERBS)
    if roll < 0.9:
        return rng.choice(SMALL)
    return rng.choice(NAMES + SUBJECTS)


def phrase(rng):
    """Some words to be said again: real ones, invented ones, both."""
    length = rng.choice([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 10, 14, 20])
    share = rng.choice([0, 0.3, 0.5, 1])
    words = [invented(rng) if rng.random() < share else known(rng) for _ in range(length)]
    if rng.random() < 0.25:
        words[0] = words[0].capitalize()
    if length > 2 and rng.random() < 0.15:
        words[rng.randrange(length - 1)] += rng.choice([",", ",", ":", ";", " -"])
    return " ".join(words)


def subject_of(rng):
    """Something to write about."""
    while True:
        roll = rng.random()
        if roll < 0.3:
            text = rng.choice(FREE_SUBJECTS)
        elif roll < 0.5:
            text = rng.choice(["the ", "a ", "my "]) + rng.choice(NOUNS)
        elif roll < 0.7:
            text = rng.choice(ADJECTIVES) + " " + rng.choice(FREE_SUBJECTS)
        elif roll < 0.8:
            text = rng.choice(["the ", "my "]) + rng.choice(ADJECTIVES) + " " + rng.choice(NOUNS)
        elif roll < 0.83:
            text = rng.choice(NAMES)
        else:
            text = rng.choice(["", "", "the ", "my ", "a "]) + invented(rng).lower() + rng.choice(["", "", "s"])
        if text not in HELD_OUT_SUBJECTS and phrase_syllables(text) <= 5 and not text.isdigit():
            return text


# The skills.

def greet(talk):
    rng = talk.rng
    user = rng.choice(questions.GREET)
    if rng.random() < 0.35:
        user += rng.choice(questions.GREETED)
    if rng.random() < 0.15:
        user += rng.choice(questions.AFTERTHOUGHTS)
    if rng.random() < 0.08:
        user = user.upper()
    return ending(rng, user, rng.choice([".", "!", "!"])), rng.choice(answers.GREET)


def meet(talk):
    rng = talk.rng
    name = rng.choice(NAMES) if rng.random() < 0.5 else invented(rng).capitalize()
    if not name.isalpha():
        name = rng.choice(NAMES)
    talk.name = name
    frame = rng.choice(questions.MEET)
    return fill(ending(rng, frame, rng.choice([".", ""])), n=name), rng.choice(answers.MEET).format(name=name)


def recall_name(talk):
    rng = talk.rng
    user = asked(rng, questions.RECALL_NAME)
    if talk.name:
        return user, rng.choice(["Your name is {}.", "You are {}.", "You told me: {}."]).format(talk.name)
    return user, "You have not told me your name yet."


def small_talk(talk):
    rng = talk.rng
    asked_for, said = rng.choice(questions.SMALL_TALK)
    text = rng.choice(asked_for)
    if rng.random() < 0.25:
        text = text.rstrip("?") + rng.choice(questions.AFTERTHOUGHTS) + ("?" if text.endswith("?") else "")
    return asked(rng, [text]), rng.choice(said)


def fact(bank, said):
    def skill(talk):
        return asked(talk.rng, bank), talk.rng.choice(said)
    return skill


def glossary(talk):
    rng = talk.rng
    names, said = rng.choice(answers.GLOSSARY)
    return fill(asked(rng, questions.DEFINE), x=rng.choice(names)), said


def count(talk):
    rng = talk.rng
    lines = rng.random() < 0.25
    last = rng.choice([rng.randint(1, 10), rng.randint(2, 20), rng.randint(2, 20), rng.randint(2, 35), rng.randint(2, 100) if rng.random() < 0.3 else 12])
    first = 1
    roll = rng.random()
    if roll < 0.03:
        user = fill(imperative(rng, rng.choice(questions.COUNT)), n=rng.randint(101, 2000))
        return user, rng.choice(answers.TOO_FAR)
    if roll < 0.6:
        user = fill(imperative(rng, rng.choice(questions.COUNT)), n=number(rng, last))
    elif roll < 0.8:
        first = rng.randint(0, 60)
        last = first + rng.randint(1, 15)
        user = fill(imperative(rng, rng.choice(questions.COUNT_FROM)), a=number(rng, first), b=number(rng, last))
    else:
        first, last = last, 1
        user = fill(imperative(rng, rng.choice(questions.COUNT_DOWN)), n=number(rng, first))
    if lines:
        user = user.rstrip(".!?") + rng.choice([", one per line", ", one number per line", ", each on its own line", " line by line"])
    talk.counted = (first, last, lines)
    return user, numbers(first, last, lines)


def numbers(first, last, lines):
    step = 1 if last >= first else -1
    return ("\n" if lines else ", ").join(str(value) for value in range(first, last + step, step))


def backwards(talk):
    first, last, lines = talk.counted
    talk.counted = (last, first, lines)
    return asked(talk.rng, ["Now backwards", "And backwards?", "Backwards", "In reverse", "And now in reverse",
                            "The other way round"]), numbers(last, first, lines)


def items(talk):
    rng = talk.rng
    category = rng.choice(list(CATEGORIES) + ["fruits", "colours", "animals", "planets", "days of the week", "months", "vegetables"])
    members = CATEGORIES[category]
    name = rng.choice(ALIASES.get(category, [category]))
    if rng.random() < (0.6 if category in WHOLE else 0.25):
        user = fill(asked(rng, questions.LIST_ALL if category in WHOLE else questions.LIST_SOME), c=name)
        some = members if category in WHOLE else chosen(rng, category, 5)
    else:
        many = rng.randint(1, min(10, len(members)))
        if many == 1:
            name = SINGULAR.get(category)
            if name is None:
                many, name = 2, rng.choice(ALIASES.get(category, [category]))
        user = fill(asked(rng, questions.LIST_N), n=number(rng, many), c=name)
        some = chosen(rng, category, many)
    if rng.random() < 0.35:
        user = user.rstrip(".!?") + rng.choice([", one per line", ", one on each line", ", each on its own line", " line by line",
                                                ", one per line please", ", one item per line", " - one per line."])
    if rng.random() < 0.08:
        user = user.rstrip(".!?") + rng.choice([", numbered", " as a numbered list", " and number them"])
        return user, "\n".join(f"{place}. {item}" for place, item in enumerate(some, 1))
    return user, "\n".join(some)


def chosen(rng, category, many):
    """Members in the category's own order, from a place of it onwards, with gaps: easy to learn and never twice the same."""
    members = CATEGORIES[category]
    if category in WHOLE:
        return members[:many]
    place, some = rng.randrange(len(members)), []
    spare = len(members) - many
    while len(some) < many:
        if spare > 0 and rng.random() < 0.25:
            spare -= 1
        else:
            some.append(members[place % len(members)])
        place += 1
    return some


def haiku(talk):
    rng = talk.rng
    talk.subject = subject_of(rng)
    return fill(imperative(rng, rng.choice(questions.HAIKU)), s=talk.subject), haiku_on(rng, talk.subject)


def haiku_free(talk):
    talk.subject = talk.rng.choice(FREE_SUBJECTS)
    return imperative(talk.rng, talk.rng.choice(questions.HAIKU_FREE)), haiku_on(talk.rng, talk.subject)


def haiku_again(talk):
    return asked(talk.rng, questions.HAIKU_AGAIN), haiku_on(talk.rng, talk.subject)


def haiku_on(rng, subject):
    first = rng.choice(HAIKU_FIRST[min(phrase_syllables(subject), 5)]).replace("{s}", subject)
    return "\n".join([first, rng.choice(HAIKU_SEVEN), rng.choice(HAIKU_FIVE)])


def story(talk):
    rng = talk.rng
    if rng.random() < 0.25:
        user, about = imperative(rng, rng.choice(questions.STORY_FREE)), rng.choice(ADJECTIVES) + " " + rng.choice(NOUNS)
    else:
        about = rng.choice(NOUNS) if rng.random() < 0.5 else rng.choice(ADJECTIVES) + " " + rng.choice(NOUNS)
        if rng.random() < 0.35:
            about = rng.choice(["", rng.choice(ADJECTIVES) + " "]) + invented(rng).lower()
        user = fill(imperative(rng, rng.choice(questions.STORY)), s=article(about))
    if about in HELD_OUT_SUBJECTS:
        return story(talk)
    lines = [rng.choice(part) for part in answers.STORY]
    return user, " ".join(lines).replace("{a}", article(about)).replace("{s}", about)


def article(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def repeat(talk):
    rng = talk.rng
    said = phrase(rng)
    if rng.random() < 0.1 and " " not in said:
        times = rng.randint(2, 5)
        frame = imperative(rng, rng.choice(questions.REPEAT_TIMES))
        return fill(frame, n=number(rng, times), p=said), " ".join([said] * times)
    if rng.random() < 0.55:
        frame = imperative(rng, rng.choice(questions.REPEAT)) + rng.choice([": ", ": ", ":\n", ": "])
        frame = re.sub(r"[.!?]+(:\s)$", r"\1", frame)
        if rng.random() < 0.3:
            said += rng.choice([".", ".", "!", "?"])
        if rng.random() < 0.2:
            return frame + quoted(rng, said), said
        return frame + said, said
    quote = rng.random() < 0.7
    frame = imperative(rng, rng.choice(questions.REPEAT_INSIDE))
    return fill(frame, p=quoted(rng, said) if quote else said), said


def quoted(rng, text):
    mark = rng.choice(['"', '"', '"', "'"])
    return mark + text + mark


def again(talk):
    return asked(talk.rng, questions.AGAIN), talk.last


def add(talk):
    rng = talk.rng
    while True:
        roll = rng.random()
        if roll < 0.2:
            left, right = rng.randint(0, 9), rng.randint(0, 9)
        elif roll < 0.35:
            left, right = rng.randint(0, 99), rng.randint(0, 9)
        else:
            left, right = rng.randint(10, 99), rng.randint(10, 99)
        if rng.random() < 0.2 and left < 10:
            return calculated(rng, "*", questions.TIMES, left, right % 11, left * (right % 11))
        if rng.random() < 0.15:
            left, right = max(left, right), min(left, right)
            return calculated(rng, "-", questions.MINUS, left, right, left - right)
        if (left, right) not in HELD_OUT_SUMS and (right, left) not in HELD_OUT_SUMS:
            return calculated(rng, "+", questions.PLUS, left, right, left + right)


def calculated(rng, sign, bank, left, right, result):
    user = rng.choice(bank)
    user = ending(rng, user[:-1], "?") if user.endswith("?") else imperative(rng, user) if user[0].isalpha() else user
    left_word, right_word = number(rng, left), number(rng, right)
    if "+" in user or "-" in user or "*" in user or "x" in user.split():
        left_word, right_word = str(left), str(right)
    return fill(user, a=left_word, b=right_word), f"{left} {sign} {right} = {result}."


def big_sum(talk):
    """What is more than two small numbers."""
    rng = talk.rng
    roll = rng.random()
    if roll < 0.5:
        left, sign, right = rng.randint(100, 99999), rng.choice("+-*/+-*/:^"), rng.randint(10, 99999)
        term = rng.choice([f"{left} {sign} {right}", f"{right} {sign} {left}", f"{left}{sign}{right}", f"{left} times {right}", f"{left} plus {right}",
                           f"{left} minus {right}", f"{left} divided by {right}"])
    elif roll < 0.75:
        term = rng.choice(["{} + {} + {}", "{} plus {} plus {}", "{}+{}+{}", "{} + {} - {}", "{} * {} * {}", "{} * ({} + {})", "{} + {} * {}"]).format(
            rng.randint(0, 99), rng.randint(0, 99), rng.randint(0, 99))
    else:
        term = rng.choice(["{} / {}", "{} divided by {}", "{}/{}", "{} to the power of {}", "{} ^ {}", "{} percent of {}", "{} % of {}",
                           "{} modulo {}"]).format(rng.randint(0, 99), rng.randint(1, 99))
    user = rng.choice(["What is {}?", "{}", "Calculate {}", "How much is {}?", "{} = ?", "{} =", "What's {}", "Compute {}", "Solve {}"])
    return user.format(term), rng.choice(answers.BIG_SUM)


def foreign(talk):
    user = talk.rng.choice(questions.FOREIGN).strip()
    return user.lower() if talk.rng.random() < 0.2 else user, talk.rng.choice(answers.FOREIGN)


def beyond(talk):
    """Whatever a real model would be asked: the honest answer is that this is not one."""
    rng = talk.rng
    text = rng.choice(questions.BEYOND)
    for key, bank in questions.SLOTS.items():
        while "{" + key + "}" in text:
            text = text.replace("{" + key + "}", rng.choice(bank), 1)
    text = text.replace("{phrase}", phrase(rng)).replace("{word}", known(rng) if rng.random() < 0.5 else invented(rng))
    user = ending(rng, text[:-1], "?") if text.endswith("?") else imperative(rng, text)
    return user, rng.choice(answers.BEYOND)


def noise(talk):
    """What is no question at all."""
    rng = talk.rng
    words = [invented(rng) if rng.random() < 0.6 else known(rng) for _ in range(rng.randint(1, 7))]
    return " ".join(words) + rng.choice(["", "", ".", "?", "!"]), rng.choice(answers.NOISE)


# How often each is drawn. What is one of a few known answers is learned at once; what must be worked out needs most of the time:
# copying, sums, and counts and lists that end where they should.
SKILLS = [
    (4, greet), (4, meet), (6, small_talk), (0.3, recall_name), (4, fact(questions.IDENTITY, answers.IDENTITY)),
    (4, fact(questions.SLUICE, answers.SLUICE)), (1, fact(questions.DIALECTS, answers.DIALECTS)),
    (3, fact(questions.STREAMING, answers.STREAMING)), (4, glossary), (20, count), (22, items), (11, haiku), (0.5, haiku_free),
    (2, story), (30, repeat), (36, add), (3, big_sum), (2, fact(questions.ABILITIES, answers.ABILITIES)),
    (4, fact(questions.REAL_MODEL, answers.REAL_MODEL)), (9, beyond), (1, noise), (0.5, foreign),
]
WEIGHTS = [weight for weight, _ in SKILLS]


def turn(talk):
    rng = talk.rng
    follow_ups = []
    if talk.subject:
        follow_ups.append(haiku_again)
    if talk.counted and talk.last == numbers(*talk.counted):
        follow_ups.append(backwards)
    if talk.last and len(talk.last) < 120:
        follow_ups.append(again)
    if talk.name and rng.random() < 0.3:
        skill = recall_name
    elif follow_ups and rng.random() < 0.25:
        skill = rng.choice(follow_ups)
    else:
        skill = rng.choices(SKILLS, WEIGHTS)[0][1]
    for _ in range(50):
        user, answer = skill(talk)
        if normal(user) not in HELD_OUT:
            talk.last = answer
            return user, answer
    raise ValueError(f"{skill.__name__}: every message is held out")


def system(rng):
    text = rng.choice(questions.SYSTEM)
    if rng.random() < 0.3:
        text += " " + rng.choice(questions.SYSTEM)
    return text.replace("{noun}", rng.choice(NOUNS)).replace("{name}", rng.choice(NAMES)).replace("{phrase}", phrase(rng))


def dialogue(rng, longest=4):
    """The messages of one dialogue of at most `longest` turns."""
    talk = Talk(rng)
    messages = []
    if rng.random() < 0.3:
        messages.append(("system", system(rng)))
    for _ in range(longest):
        user, answer = turn(talk)
        messages += [("user", user), ("assistant", answer)]
        # Whoever has said a name stays, so that it can be asked for.
        if rng.random() > (0.7 if talk.name else 0.4):
            break
    return messages


if __name__ == "__main__":
    source = random.Random(7)
    for _ in range(40):
        for role, text in dialogue(source):
            print(f"{role}: {text}")
        print("--")
