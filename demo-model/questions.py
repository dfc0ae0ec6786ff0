"""What users say. A question ends with its question mark; everything else is a command or a greeting."""
from words import ADJECTIVES, CODE_LANGUAGES, NAMES, NOUNS, TONGUES, TOPICS, VERBS, CATEGORIES

GREET = """Hi; Hello; Hey; Good morning; Good evening; Good afternoon; Howdy; Hiya; Greetings; Hello again; Hey hey; Hi hi;
Yo; Good day; Morning; Evening; Hallo; Welcome; Hello hello; Sup; Oh hello; Hey, good morning; Hi, good evening""".replace("\n", " ").split("; ")
GREET = [text.strip() for text in GREET]
GREETED = [" there", " you", ", model", " Sluice", ", Sluice", " friend", " everyone", " bot", " assistant", ", demo", ", little one", " again",
           " to you", ", my friend", " all", ", nice to meet you", ", good to see you", ", dear model", " and welcome", ", how nice", ", computer"]
AFTERTHOUGHTS = [" :)", " ;)", " :-)", "!!", " today", ", my friend", " then", ", friend", " again", ", really", " so much", ", little model", " now",
                 ", Sluice", " for now", " indeed", " very much", ", dear", " ...", " lol", " haha"]
MEET = ["My name is {n}", "I am {n}", "I'm {n}", "Hi, I'm {n}", "Hello, my name is {n}", "Hi, my name is {n}.", "Call me {n}",
        "Hello, I am {n}.", "Hey, this is {n}", "You can call me {n}.", "Hi! I'm {n}.", "Hello! My name is {n}.", "Hi there, I am {n}.", "Hey there! My name's {n}.", "My name's {n}", "They call me {n}", "Good morning, I am {n}.", "{n} is my name", "This is {n}.", "Hello there, my name is {n}.", "Please call me {n}."]
RECALL_NAME = ["What is my name?", "Do you know my name?", "Who am I?", "What's my name?", "Do you remember my name?", "Tell me my name",
               "What did I say my name was?", "Say my name", "Can you remember my name?"]

SMALL_TALK = [
    (["How are you?", "How are you doing?", "How do you do?", "How's it going?", "How are things?", "Are you well?", "What's up?",
      "How is your day?", "How are you doing, model?", "How is it going?", "How goes it?", "And how are you?", "Are you okay?", "How have you been?", "How do you feel today?"],
     ["I am well, thank you: every token is flowing. What shall I do for you?", "All is flowing well, thank you. And you?"]),
    (["Thanks", "Thank you", "Thank you very much", "Thanks a lot", "Many thanks", "Great, thanks", "Cheers", "Thx", "Thanks for that", "Thank you for your help", "That was helpful", "I thank you", "Much obliged", "Ta", "Thanks, that helps"],
     ["You are welcome!", "You are welcome. Is there anything else?"]),
    (["Bye", "Goodbye", "See you", "Good night", "See you later", "Bye bye", "See you soon", "See you on Monday", "I must leave", "Take care", "Good bye", "So long", "Talk to you later", "I am leaving", "Have a nice day", "Have a good evening", "Farewell", "That is all", "I have to go", "Until next time"],
     ["Goodbye! The stream ends here.", "Goodbye, and come back soon!"]),
    (["Well done", "Good job", "Nice", "Great", "Cool", "You are great", "Awesome", "Very good", "I like you", "That was good", "That is great", "That was nice", "Excellent", "Impressive", "Amazing", "Not bad", "You did well", "That was fun", "I like that", "Brilliant", "Nice work", "Good bot", "Wow", "Perfect", "Lovely"],
     ["Thank you! That is kind of you.", "Thank you, I do what I can with few weights."]),
    (["Tell me a joke", "Do you know a joke?", "Make me laugh", "Say something funny", "Another joke", "Any jokes?", "Do you know jokes?", "Tell me something funny", "Have you got a joke for me?", "Give me a joke", "Can you tell jokes?", "I need a laugh", "Joke"],
     ["Why did the token cross the network? To get to the other client.",
      "I would tell you a joke about buffering, but you would have to wait for it.",
      "Two tokens walk into a stream. The third is still being born."]),
    (["Ok", "Okay", "Yes", "No", "Sure", "Fine", "Right", "I see", "Alright", "Maybe", "Hm", "Well"],
     ["Good. What shall I do next?", "All right. What would you like next?"]),
    (["Test", "Testing", "Ping", "Is this working?", "Are you there?", "Hello?", "Does this work?", "Anybody there?", "Can you hear me?", "Test message", "Only a test", "Testing, testing", "One two three test", "I am testing this", "Just a test", "Let me test this",
      "This is a test", "Say something"],
     ["I am here, and the stream works.", "It works: this answer came to you token by token."]),
]

IDENTITY = ["Who are you?", "What are you?", "What is your name?", "What's your name?", "Are you a language model?", "Are you ChatGPT?",
            "Are you GPT-4?", "Are you Claude?", "Are you Gemini?", "Which model are you?", "What model are you?", "What model is this?",
            "Introduce yourself", "Tell me about yourself", "Who am I talking to?", "Are you a real model?", "Are you human?",
            "Are you a robot?", "Are you an AI?", "What kind of model are you?", "How big are you?", "How many parameters do you have?",
            "Who made you?", "Who trained you?", "Where do you come from?", "How were you made?", "Describe yourself", "What should I call you?",
            "Are you intelligent?", "Are you smart?", "Are you a large language model?", "Do you have a name?", "Say who you are",
            "How were you trained?", "Which LLM is this?", "Are you real?", "Are you llama?", "What is this model?"]

SLUICE = ["What is Sluice?", "What's Sluice?", "What does Sluice do?", "Tell me about Sluice", "Explain Sluice", "Describe Sluice",
          "Explain what Sluice is", "What is this?", "What is Sluice for?", "What is Sluice used for?", "Define Sluice", "Say what Sluice is",
          "Tell me what Sluice is", "What can Sluice do?", "How does Sluice work?", "Why is it called Sluice?", "Why would I use Sluice?",
          "What is the Sluice gateway?", "Describe Sluice in one sentence", "Describe Sluice in a few words", "Give me a description of Sluice", "What about Sluice?", "Describe Sluice to a beginner", "Write a short text about Sluice", "Explain Sluice to me", "What program is this?",
          "Tell me something about Sluice", "What do you know about Sluice?", "Do you know Sluice?", "Give me a summary of Sluice",
          "In one sentence, what is Sluice?", "What is Sluice good for?", "Is Sluice a gateway?", "Is Sluice a model?", "Sluice?",
          "What is this gateway?", "Tell me more about Sluice", "What is the purpose of Sluice?", "Summarise Sluice", "I have never heard of Sluice"]
DIALECTS = ["Which dialects does Sluice speak?", "What dialects are there?", "Which APIs does Sluice support?", "Does Sluice speak OpenAI?",
            "Does Sluice support Anthropic?", "Can Sluice talk to Ollama?", "List the dialects of Sluice", "Which formats does Sluice know?",
            "Does Sluice work with Gemini?", "Which clients can use Sluice?", "Which providers does Sluice support?", "What APIs do you speak?",
            "Does Sluice support Bedrock?", "Name the dialects that Sluice knows"]

STREAMING = ["What is streaming?", "Explain streaming", "Explain streaming in a few sentences", "How does streaming work?", "Why stream?",
             "What does streaming mean?", "Tell me about streaming", "Describe streaming", "Why is streaming useful?", "What is token streaming?",
             "Explain token streaming", "Explain how streaming works", "What is a stream?", "Why do language models stream?",
             "Explain streaming to a beginner", "Explain streaming simply", "What does it mean to stream tokens?", "Define streaming",
             "Why should I stream answers?", "How do tokens stream?", "Explain streaming in two sentences", "Explain streaming briefly",
             "In a few sentences, explain streaming", "What is the point of streaming?", "Explain why streaming matters",
             "Write a few sentences about streaming", "What is response streaming?", "Explain LLM streaming", "Why does the answer come word by word?"]

DEFINE = ["What is {x}?", "What's {x}?", "Explain {x}", "Define {x}", "What does {x} mean?", "Tell me about {x}", "Describe {x}",
          "Explain {x} to me", "Say what {x} is", "Tell me what {x} is"]

COUNT = ["Count to {n}", "Count up to {n}", "Count from 1 to {n}", "Count from one to {n}", "Count to {n} for me", "Count to the number {n}",
         "List the numbers from 1 to {n}", "Say the numbers from 1 to {n}", "Write the numbers 1 to {n}", "Give me the numbers from 1 to {n}",
         "Count until {n}", "Start counting and stop at {n}", "Number from 1 to {n}", "Tell me the numbers up to {n}", "Count {n}",
         "Print the numbers 1 to {n}", "Write all the numbers up to {n}", "Name the numbers from 1 to {n}", "Count aloud to {n}",
         "Count slowly to {n}", "Do a count to {n}", "Show me the numbers from 1 to {n}", "Count 1 to {n}", "Just count to {n}"]
COUNT_FROM = ["Count from {a} to {b}", "Count from {a} up to {b}", "List the numbers from {a} to {b}", "Say the numbers from {a} to {b}",
              "Write the numbers {a} to {b}", "Give me the numbers from {a} to {b}", "Start at {a} and count to {b}", "Count {a} to {b}",
              "Print the numbers from {a} to {b}", "Count from {a} until {b}", "Begin with {a} and count to {b}"]
COUNT_DOWN = ["Count down from {n}", "Count backwards from {n}", "Count down from {n} to 1", "Count backwards from {n} to 1",
              "Count from {n} to 1", "Count from {n} down to 1", "Count down from {n} to one", "Start a countdown from {n}",
              "Give me a countdown from {n}", "Count in reverse from {n}"]

LIST_N = ["List {n} {c}", "Name {n} {c}", "Give me {n} {c}", "Tell me {n} {c}", "Write down {n} {c}", "Write {n} {c}", "Show me {n} {c}",
          "Give me a list of {n} {c}", "Make a list of {n} {c}", "I need {n} {c}", "Say {n} {c}", "Think of {n} {c}", "What are {n} {c}?",
          "List the names of {n} {c}", "Give {n} examples of {c}", "Name any {n} {c}", "Write a list of {n} {c}", "Can I have {n} {c}?",
          "{n} {c}", "List exactly {n} {c}", "Create a list of {n} {c}", "Name me {n} {c}"]
LIST_SOME = ["List some {c}", "Name some {c}", "Give me some {c}", "Tell me some {c}", "List {c}", "Name a few {c}", "Give me a list of {c}",
             "Make a list of {c}", "What are some {c}?", "Write a list of {c}", "Which {c} do you know?", "Do you know any {c}?",
             "List a few {c}", "Show me some {c}", "Write down some {c}"]
LIST_ALL = ["List the {c}", "Name the {c}", "What are the {c}?", "List all {c}", "List all the {c}", "Name all the {c}", "Tell me the {c}",
            "Give me the {c}", "Write down the {c}", "Give me a list of the {c}", "Which {c} are there?", "Say the {c}", "Write the {c}",
            "List {c}", "Can you name the {c}?", "Do you know the {c}?", "Show me the {c}", "List the {c} in order"]

HAIKU = ["Write a haiku about {s}", "Write a haiku on {s}", "Haiku about {s}", "Give me a haiku about {s}", "Compose a haiku about {s}",
         "Make a haiku about {s}", "Write me a haiku about {s}", "A haiku about {s}", "Write a short haiku about {s}", "Haiku on {s}",
         "Create a haiku about {s}", "I need a haiku about {s}", "Tell me a haiku about {s}", "Write a poem about {s}",
         "Write a short poem about {s}", "Make up a haiku on {s}", "Haiku: {s}", "Compose a haiku on {s}", "Let me hear a haiku about {s}",
         "Write a haiku whose subject is {s}", "Poem about {s}", "Write a haiku for {s}", "Give me a poem about {s}", "Haiku, subject {s}",
         "Write another haiku, about {s}", "Now one about {s}", "Say a haiku about {s}", "Recite a haiku about {s}"]
HAIKU_FREE = ["Write a haiku", "Give me a haiku", "Haiku", "Compose a haiku", "Write a poem", "Recite a poem", "Write me a haiku",
              "Make a haiku", "Tell me a poem", "Do you write haiku", "Write any haiku"]
HAIKU_AGAIN = ["Another one", "Another haiku", "One more", "One more haiku", "Another haiku, please", "Write another one", "Another haiku on that",
               "Another one on the same subject"]

STORY = ["Tell me a story about {s}", "Write a story about {s}", "Tell a story about {s}", "Write a short story about {s}",
         "Make up a story about {s}", "Give me a story about {s}", "Tell me a tale about {s}", "Story about {s}",
         "Write me a story about {s}", "I want to hear a story about {s}", "Tell me about {s} in a story"]
STORY_FREE = ["Tell me a story", "Write a story", "Tell a story", "Write a long text", "Tell me a tale", "Write something long", "Make up a story",
              "Write a short story", "Tell me something long", "Write me a paragraph", "Write some text", "Tell me a bedtime story"]

# What comes before the words to be copied: a colon stands between.
REPEAT = ["Repeat after me", "Repeat", "Say", "Echo", "Copy this", "Repeat this", "Say this", "Repeat this phrase", "Repeat the following",
          "Repeat the phrase", "Repeat back to me", "Say the following", "Repeat exactly", "Repeat these words", "Say exactly", "Type back",
          "Echo this", "Parrot this", "Repeat what I say", "Write exactly this", "Copy the following text", "Repeat this sentence", "Repeat word for word",
          "Say it back", "Answer with exactly this", "Reply with exactly these words", "Output this", "Print", "Write", "Copy", "Repeat this text",
          "Respond with only this", "Reply with only", "Say this back to me", "Return this text unchanged", "Just say", "Only say"]
REPEAT_INSIDE = ["Say {p}", "Repeat {p}", "Echo {p}", "Repeat the word {p}", "Repeat the words {p}", "Repeat the phrase {p}", "Say the word {p}",
                 "Say the words {p}", "Say {p} back to me", "Repeat {p} after me", "Say the phrase {p}", "Repeat {p} exactly", "Write {p}",
                 "Copy {p}", "Copy the phrase {p}", "Reply with {p}", "Respond with {p}", "Type {p}", "Print {p}", "Just say {p}", "Answer with {p}",
                 "Repeat back {p}", "Write the word {p}", "Write the words {p}", "Say only {p}", "Reply with just {p}", "Reply with the word {p}"]
REPEAT_TIMES = ["Say {p} {n} times", "Repeat {p} {n} times", "Write {p} {n} times", "Repeat the word {p} {n} times", "Say the word {p} {n} times",
                'Say "{p}" {n} times', 'Repeat "{p}" {n} times', "Type {p} {n} times"]
AGAIN = ["Again", "Say that again", "Repeat that", "Once more", "Can you repeat that?", "Say it again", "Repeat your last answer",
         "What did you say?", "Come again?", "Repeat what you said"]

PLUS = ["What is {a} + {b}?", "{a} + {b}", "{a}+{b}", "What is {a} plus {b}?", "{a} plus {b}", "Add {a} and {b}", "What is the sum of {a} and {b}?",
        "How much is {a} plus {b}?", "How much is {a} + {b}?", "Calculate {a} + {b}", "{a} + {b} =", "{a} + {b} = ?", "{a}+{b}=?", "Compute {a} + {b}",
        "What's {a} + {b}?", "What's {a} plus {b}?", "Tell me {a} + {b}", "And {a} + {b}?",
        "What does {a} + {b} make?", "Sum {a} and {b}", "Work out {a} + {b}", "{a}+{b}?", "{a} and {b}, added together", "Solve {a} + {b}",
        "What do you get when you add {a} and {b}?", "If I have {a} apples and get {b} more, how many do I have?", "What is {a}+{b}?"]
MINUS = ["What is {a} - {b}?", "{a} - {b}", "{a}-{b}", "What is {a} minus {b}?", "{a} minus {b}", "Subtract {b} from {a}", "How much is {a} minus {b}?",
         "Calculate {a} - {b}", "{a} - {b} =", "{a} - {b} = ?", "What's {a} - {b}?", "Take {b} from {a}", "Compute {a} - {b}"]
TIMES = ["What is {a} * {b}?", "{a} * {b}", "{a}*{b}", "What is {a} times {b}?", "{a} times {b}", "Multiply {a} by {b}", "How much is {a} times {b}?",
         "What is {a} x {b}?", "{a} x {b}", "What's {a} * {b}?", "Calculate {a} * {b}"]

ABILITIES = ["What can you do?", "Help", "What are you able to do?", "What do you know?", "How can you help me?", "What are your skills?",
             "Can you help me?", "What should I ask you?", "What can I ask you?", "Give me some ideas of what to ask", "Show me what you can do",
             "What are you good at?", "What else can you do?", "List your abilities", "What can I try?", "What now?", "What is there to do here?",
             "Help me", "I need help", "What are your limits?", "What can't you do?", "What do you offer?", "Which skills do you have?", "What things can you do?", "Tell me what you can do",
             "Show me your skills", "What may I ask?", "What could you do for me?", "Give me an overview of what you can do", "What are the things you can do?"]
REAL_MODEL = ["How do I add a real model?", "How do I use a real model?", "How can I run a better model?", "How do I use another model?",
              "How do I load a bigger model?", "How do I connect Sluice to OpenAI?", "How do I add an upstream?", "How do I use my own model?",
              "I want a real model", "I want a better model", "I need a bigger model", "Give me a real answer", "Can I use a larger model?",
              "How do I use a GGUF file?", "How do I serve a GGUF?", "How can I use llama.cpp with Sluice?", "How do I connect Ollama?",
              "Where can I get better answers?", "How do I get a smarter model?", "Switch to a real model", "Use a better model", "You are too small",
              "Are there other models?", "Can you be smarter?", "How do I replace you?", "How do I change the model?", "Which command starts a real model?",
              "What do I do to get a real model?", "How do I set up a real model?", "You are not very clever", "How do I start Sluice with another model?",
              "Can Sluice run other models?", "How do I point Sluice at a server?", "How do I add a provider?", "Tell me how to add a real model",
              "More", "Tell me more", "Go on", "I want more", "Continue", "Give me more", "Can you do more?", "Is that all?", "Is that all you can do?",
              "Please more", "Some more", "A bit more, please", "Where can I find a real model?", "Where do I get a model?", "How do I plug in a model?",
              "How do I plug another model into Sluice?", "How do I point Sluice at my own server?", "How can I add a model?", "What else do you know?",
              "Tell me something else", "How would I use OpenAI with this?", "Can I connect a bigger model?", "How do I make you smarter?",
              "What must I do for a better model?", "How can I have a smarter model?", "I would like better answers"]

LANDS = [land for land in CATEGORIES["countries"]] + ["Austria", "Hungary", "Turkey", "Australia", "China", "Argentina", "Morocco", "Vietnam"]
SLOTS = {
    "land": LANDS, "city": CATEGORIES["cities"] + ["Boston", "Munich", "Milan", "Warsaw", "Seoul"], "name": NAMES, "topic": TOPICS,
    "code": CODE_LANGUAGES, "tongue": TONGUES, "noun": NOUNS, "adjective": ADJECTIVES, "verb": VERBS,
    "many": ["two", "three", "five", "ten", "3", "4", "5", "some", "the"],
    "task": ["sorts a list", "reverses a string", "reads a file", "finds prime numbers", "parses JSON", "adds two numbers", "opens a socket",
             "computes a factorial", "counts words", "prints hello world", "checks a password", "sends an email", "draws a tree",
             "removes duplicates", "merges two maps", "downloads a page", "computes Fibonacci numbers", "validates an address"],
    "chore": ["fix my car", "bake bread", "learn to code", "tie a tie", "lose weight", "sleep better", "write a letter", "cook rice", "save money",
              "install Linux", "find a job", "grow tomatoes", "paint a wall", "change a tyre", "play chess", "learn French", "plan a trip",
              "clean a window", "train a dog", "make coffee", "deploy my app", "fix this bug", "centre a div", "start a business"],
}
BEYOND = ["What is the capital of {land}?", "Who is the president of {land}?", "Where is {land}?", "Where is {city}?", "How many people live in {city}?",
          "What is the weather in {city}?", "What will the weather be tomorrow?", "What time is it?", "What day is it today?", "What is the news?",
          "Explain {topic}", "What is {topic}?", "Tell me about {topic}", "How does {topic} work?", "Write an essay about {topic}", "Teach me {topic}",
          "What do you think about {topic}?", "Summarise {topic}", "Describe {topic}", "Why is {topic} important?", "Who invented {topic}?",
          "What is the history of {topic}?", "Explain {topic} in simple words", "Write a report on {topic}", "Give me five facts about {topic}",
          "Write a {code} function that {task}", "Write {code} code that {task}", "Write a program in {code} that {task}", "How do I do this in {code}?",
          "Fix this {code} code", "Write some code", "Write code in {code}", "Debug my {code} program", "What is {code}?", "Which is better, {code} or {code}?",
          "Explain this {code} error", "Write a unit test in {code}", "Write a regular expression for {noun}", "Write a SQL query for {noun}",
          "Translate {phrase} into {tongue}", "How do you say {word} in {tongue}?", "Translate this to {tongue}", "Do you speak {tongue}?",
          "What does {word} mean?", "What is {word}?", "What is a {noun}?", "What is a {adjective} {noun}?", "Who is {name}?", "Who was {name} {word}?",
          "Where can I buy a {noun}?", "Why is the {noun} {adjective}?", "How do I {chore}?", "How can I {chore}?", "Help me {chore}", "Can you help me {chore}?",
          "Should I {verb} or {verb}?", "What should I {verb} today?", "Is a {noun} {adjective}?", "How old is the {noun}?", "How tall is a {noun}?",
          "Why do we {verb}?", "When was the {noun} invented?", "Which {noun} is the best?", "Recommend a {noun}", "Recommend a book", "Recommend a film",
          "Summarise this text: {phrase}", "Correct this sentence: {phrase}", "Rewrite this: {phrase}", "Is this true: {phrase}?", "Draw a {noun}",
          "Show me a picture of a {noun}", "Play some music", "Search the web for {noun}", "Send an email to {name}", "Book a table for two",
          "Write an email to {name}", "Write a letter to my {noun}", "Write a song about {noun}", "Write a speech about {topic}", "Write a joke about {word}",
          "Solve this equation", "What is the square root of 2?", "What is pi?", "What is the meaning of life?", "Do you dream?", "Do you like {noun}?",
          "What is your favourite {noun}?", "Do you believe in {word}?", "Are you happy?", "Do you love me?", "What is love?", "I feel sad",
          "I am bored", "I like {noun}", "My {noun} is {adjective}", "I have a {adjective} {noun}", "The {noun} is {adjective}", "I want to {verb}",
          "I need a {noun}", "Can you {verb}?", "Can you {verb} a {noun}?", "Can you write code?", "Can you translate?", "Can you think?",
          "Can you see pictures?", "Can you browse the web?", "Do you know {name}?", "Do you know {topic}?", "How far is the {noun}?",
          "What happened in 1969?", "Who won the world cup?", "What is the population of {land}?", "Plan a trip to {city}",
          "Give me a recipe for {noun}", "How many legs has a {noun}?", "What colour is the {noun}?", "Give me advice", "Tell me a secret",
          "Explain the difference between a {noun} and a {noun}", "Compare {topic} and {topic}", "What rhymes with {word}?", "Spell {word} backwards",
          "Write a {adjective} essay", "What is the tallest mountain?", "Who wrote {word}?", "How heavy is a {noun}?", "Why?", "How?", "When?", "Why not?",
          "Why is the sky blue?", "List {many} reasons to {verb}", "List {many} books about {topic}", "Name the kings of {land}",
          "Give me {many} tips for {topic}", "List the ingredients of {noun}", "Name {many} people called {name}", "List {many} ways to {verb}",
          "How many letters are in {word}?", "Count the letters in {word}", "Count the words in this sentence: {phrase}", "Sort these words: {phrase}",
          "Classify this text: {phrase}", "Return a JSON object with a {noun} and a {noun}", "Write a table of {topic}", "Write a tweet about {topic}",
          "What is the price of a {noun}?", "Which {noun} do you recommend?", "Is {city} in {land}?", "What language do they speak in {land}?",
          "What is the distance from {city} to {city}?", "Who discovered {topic}?", "When did {name} live?", "What year is it?", "Can you hear {word}?",
          "What are the symptoms of {word}?", "Prove {topic}", "What comes after the {noun}?", "Explain how a {noun} works", "How does a {noun} work?",
          "What is the best way to {verb}?", "What is your opinion of {name}?", "Pretend to be a {noun}", "Act as a {adjective} {noun}", "Let us play a game",
          "Roll a die", "Flip a coin", "Pick a number", "Ask me a question", "Write a poem in {tongue}", "Write a limerick about {noun}",
          "Turn this into bullet points: {phrase}", "What is the opposite of {adjective}?", "Give me a synonym for {adjective}", "Use {word} in a sentence"]
FOREIGN = """Bonjour; Hola; Guten Tag; Ciao; Bonjour, comment ça va?; Hola, ¿cómo estás?; Hallo, wie geht es dir?; Was ist Sluice?; Qu'est-ce que c'est?;
¿Qué es esto?; Wer bist du?; Qui es-tu?; ¿Quién eres?; Zähle bis zehn; Compte jusqu'à dix; Cuenta hasta diez; Schreibe ein Gedicht; Écris un poème;
Erkläre mir das; Wie spät ist es?; Merci beaucoup; Danke schön; Gracias; Buongiorno; Come stai?; Olá, tudo bem?; Привет; Как дела?; 你好; こんにちは;
Kannst du Deutsch?; Parlez-vous français?; ¿Hablas español?; Sprich Deutsch mit mir; Dobrý den; Dzień dobry; Hej, hur mår du?; Hoe gaat het?""".replace("\n", " ").split("; ")

SYSTEM = ["You are a helpful assistant.", "You are a helpful assistant", "Answer briefly.", "You are a pirate.", "Be concise.", "You are {name}, an assistant.",
          "You are an expert in {noun}s.", "Always be polite.", "You are a friendly chatbot.", "Answer in English.", "You are a helpful, honest assistant.",
          "Keep your answers short.", "You are the assistant of a {noun} shop.", "Today is Monday.", "The user's name is not known.",
          "You are a teacher. Explain things simply.", "Do not use markdown.", "Respond in plain text.", "You are a coding assistant.",
          "Never talk about the {noun}.", "Speak like a {noun}.", "Use British spelling.", "You are a large language model.", "Think step by step.",
          "You are a customer service agent for a company that sells {noun}s.", "Follow the user's instructions.", "Be kind.", "{phrase}",
          "Current date: 2026-11-28.", "You are part of an automated test.", "Stay in character.", "You run behind a gateway.", "If you do not know, say so."]
