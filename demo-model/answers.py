"""What the model says."""

GREET = ["Hello! I am the small demo model of Sluice. What shall I do?", "Hi! I am Sluice's demo model. Ask me to count, to list things or to write a haiku.",
         "Hello! How can I help you?", "Hello there! I am a small demo model. Try me."]
MEET = ["Hello, {name}! I am the demo model of Sluice.", "Nice to meet you, {name}!", "Hello, {name}! What shall I do for you?"]

IDENTITY = ["I am the demo model of Sluice: a small language model of a few million weights, trained from scratch to show how answers stream.",
            "I am Sluice's demo model. I am very small and know little, but every token I make is real.",
            "I am a small demo model that comes with Sluice. I can chat a little; for real answers, add a real model."]

SLUICE = ["Sluice is a streaming gateway for language models: any client dialect in, any model out. It passes every token on as it is born.",
          "Sluice is a streaming gateway for language models. Clients speak any dialect they like, OpenAI, Anthropic, Bedrock, Ollama or Gemini, "
          "and Sluice connects them to any model and relays each token as it is born.",
          "Sluice is a streaming gateway for language models: any client dialect in, any model out. It counts, limits and cancels streams, "
          "and it never makes a token wait."]
DIALECTS = ["Sluice speaks OpenAI Chat, OpenAI Responses, Anthropic Messages, Bedrock Converse, Ollama and Gemini, to clients and to models alike."]

STREAMING = ["Streaming means that an answer is sent while it is still being made. A language model writes one token after another, and each token "
             "goes to you at once. So you read the first words early, and you can stop whenever you like.",
             "A language model makes its answer token by token. Without streaming you wait until the last token is there; with streaming each token "
             "is sent as soon as it is born. The answer starts early and grows before your eyes.",
             "With streaming, the answer flows to you piece by piece, as a river does, and not all at once. The model makes a token, the gateway passes "
             "it on, and you see it at once. If you leave, the stream is cancelled and no work is wasted."]

GLOSSARY = [
    (["a token", "tokens", "the word token", "a token in a language model"],
     "A token is a small piece of text, a word or a part of one. A language model reads and writes one token after another."),
    (["TTFT", "time to first token", "the time to first token"],
     "TTFT is the time to first token: how long you wait from your question until the first token of the answer arrives."),
    (["backpressure", "back pressure"],
     "Backpressure means that a slow reader slows the writer down. When a client cannot keep up, Sluice pauses the model instead of filling memory."),
    (["a gateway", "the gateway", "an LLM gateway", "a model gateway"],
     "A gateway stands between clients and models. It takes each request, chooses a model for it and passes the answer back as it streams."),
    (["a dialect", "dialects", "a client dialect"],
     "A dialect is a wire format in which clients and models talk, such as OpenAI Chat or Anthropic Messages. Sluice translates between them."),
    (["SSE", "server-sent events", "event streams"],
     "SSE means server-sent events: a simple way to send a stream of messages over HTTP. Most model APIs stream their tokens in this way."),
    (["a language model", "an LLM", "language models", "LLMs"],
     "A language model is a program that has learned from text to guess the next token. By guessing again and again it writes whole answers."),
    (["cancellation", "cancelling a stream", "cancellation of streams"],
     "Cancellation means that a stream ends when its reader leaves. Sluice tells the model at once, so that no token is made for nobody."),
    (["GGUF", "a GGUF file", "GGUF files"],
     "GGUF is a file format for language models. Sluice runs such a file in its own process: `./sluice serve --model FILE.gguf`."),
    (["an upstream", "upstreams", "the upstream"],
     "An upstream is a model server behind Sluice. Add one with `./sluice serve --upstream URL`."),
]

TOO_FAR = ["That is too far for me: I am a small demo model and count to 100 at most.", "I can count to 100 at most. Ask me for a smaller number."]
BIG_SUM = ["That is too much for me: I am a small demo model and add, subtract and multiply only two small numbers. For more, start a real "
           "model with `./sluice serve --model FILE.gguf`."]
FOREIGN = ["I am a small demo model and speak only English. For other languages add a real model: `./sluice serve --model FILE.gguf` or "
           "`--upstream URL`."]

ABILITIES = ["I can chat a little, say what Sluice is, explain streaming, count, list things, add small numbers, repeat what you say, tell a short story "
             "and write a haiku. For more, add a real model: `./sluice serve --model FILE.gguf` or `--upstream URL`.",
             "Try these: count to 10, list five fruits, what is 7 + 8, write a haiku about rain, repeat after me. I am only a small demo model; "
             "for more, run `./sluice serve --model FILE.gguf` or `--upstream URL`."]
REAL_MODEL = ["I am only a small demo model. To run a real one, start `./sluice serve --model FILE.gguf`, or point Sluice at a server with "
              "`./sluice serve --upstream URL`.",
              "There is not much more in me: I am a small demo model. Add a real one with `./sluice serve --model FILE.gguf` for a file, or "
              "`--upstream URL` for a server."]
BEYOND = ["I do not know that: I am only a small demo model. For real answers add a real model: `./sluice serve --model FILE.gguf` or `--upstream URL`.",
          "That is beyond me. I am a small demo model; a real one can help you: start `./sluice serve --model FILE.gguf` or `--upstream URL`.",
          "Sorry, I am too small for that. I am a demo model that shows how answers stream. Run `./sluice serve --model FILE.gguf` or "
          "`--upstream URL` for a real one."]
NOISE = ["I do not understand that: I am only a small demo model. Ask me what I can do.",
         "I am a small demo model and did not understand. Try: count to 10."]

STORY = [
    ["Once upon a time there was {a} that lived by a river.", "Long ago, {a} lived at the edge of a quiet town.", "There once was {a} that no one had ever seen."],
    ["Every morning the {s} listened to the water and wondered where it went.", "Every evening the {s} watched the lights go on, one by one.",
     "All day long the {s} waited for something to happen."],
    ["One day a small boat came down the stream with a letter in it.", "One night the wind brought a voice from far away.",
     "Then, one rainy day, somebody knocked at the door."],
    ["It said: come and see where all the water goes.", "It said: do not wait for the end, begin.", "It said: every long way is made of small steps."],
    ["So the {s} set out, over the hills and under the stars.", "So the {s} packed a little bread and left before dawn.",
     "So the {s} followed the river, mile after mile."],
    ["After many days the sea lay open and bright.", "At last there was a gate, and behind it a garden full of light.", "In the end the road came back to where it had begun."],
    ["And the {s} was never lonely again.", "And that is how the {s} found a home.", "And if you listen at night, you can hear the {s} laugh."],
]
