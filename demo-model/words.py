"""The word banks that the dialogues are made of."""

CATEGORIES = {
    "fruits": "apple banana cherry grape lemon lime mango melon orange papaya peach pear plum raspberry strawberry apricot blueberry coconut fig kiwi pineapple",
    "vegetables": "carrot potato tomato onion cabbage spinach lettuce celery pea bean beetroot broccoli cucumber garlic leek pumpkin radish turnip courgette pepper",
    "colours": "red orange yellow green blue indigo violet pink brown black white grey purple turquoise gold silver crimson beige",
    "animals": "cat dog horse cow sheep goat pig lion tiger bear wolf fox rabbit mouse elephant giraffe monkey zebra deer otter",
    "birds": "robin sparrow eagle owl crow swan duck goose heron finch lark raven stork pigeon falcon gull wren magpie",
    "fish": "salmon trout cod tuna herring carp pike eel perch haddock mackerel sardine plaice halibut anchovy",
    "insects": "ant bee wasp fly moth butterfly beetle cricket dragonfly ladybird grasshopper mosquito termite flea",
    "trees": "oak ash birch beech elm fir larch lime maple pine poplar rowan spruce willow yew alder cedar",
    "flowers": "rose tulip daisy lily violet daffodil iris orchid poppy sunflower lavender peony snowdrop crocus jasmine",
    "countries": "France Spain Italy Portugal Norway Sweden Finland Poland Greece Japan India Brazil Chile Peru Kenya Egypt Canada Mexico",
    "cities": "London Paris Rome Madrid Berlin Vienna Prague Lisbon Oslo Dublin Athens Cairo Tokyo Delhi Lima Toronto Sydney",
    "rivers": "Thames Seine Rhine Danube Nile Amazon Ganges Volga Mississippi Loire Elbe Po Congo Mekong",
    "instruments": "piano violin cello flute guitar trumpet drum harp clarinet oboe trombone tuba banjo organ accordion",
    "sports": "football tennis rugby cricket hockey golf swimming rowing running cycling boxing fencing skiing judo",
    "shapes": "circle square triangle rectangle oval diamond pentagon hexagon octagon star cross cube cone",
    "drinks": "water tea coffee milk juice lemonade cocoa cider wine beer soda squash",
    "metals": "iron copper tin lead silver gold zinc nickel aluminium steel bronze brass titanium",
    "gems": "diamond ruby emerald sapphire opal pearl topaz amber jade garnet amethyst",
    "tools": "hammer saw chisel drill spanner screwdriver pliers plane file axe rake spade",
    "clothes": "hat coat scarf shirt jumper skirt trousers socks shoes gloves belt dress jacket boots",
    "languages": "English French Spanish Italian German Portuguese Dutch Polish Greek Arabic Hindi Japanese Korean Swahili",
    "programming languages": "Java Python Rust Go Kotlin Ruby Scala Haskell Lisp Erlang Swift Perl Fortran Pascal",
    "vehicles": "car bus train tram bicycle boat lorry van motorcycle plane ship tractor taxi",
    "furniture": "chair table bed desk sofa shelf wardrobe stool bench cupboard lamp dresser",
    "spices": "salt pepper cinnamon ginger nutmeg cumin paprika saffron turmeric cloves cardamom vanilla",
    "professions": "doctor nurse teacher baker farmer lawyer plumber carpenter engineer painter sailor tailor librarian",
    "emotions": "joy anger fear sadness surprise love hope pride envy calm wonder relief",
    "continents": "Africa Antarctica Asia Europe Oceania",
    "seasons": "spring summer autumn winter",
    "planets": "Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune",
    "days of the week": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "months": "January February March April May June July August September October November December",
}
CATEGORIES = {name: items.split() for name, items in CATEGORIES.items()}
CATEGORIES["continents"] = ["Africa", "Antarctica", "Asia", "Australia", "Europe", "North America", "South America"]

# Lists that have an order and an end: asked for without a number, all of them are told.
WHOLE = ["continents", "seasons", "planets", "days of the week", "months"]

# Other ways to name a category.
ALIASES = {
    "colours": ["colours", "colors"], "days of the week": ["days of the week", "days", "weekdays", "days in a week"],
    "months": ["months", "months of the year"], "planets": ["planets", "planets of the solar system"],
    "seasons": ["seasons", "seasons of the year"], "instruments": ["instruments", "musical instruments"],
    "professions": ["professions", "jobs"], "clothes": ["clothes", "pieces of clothing", "items of clothing"],
    "gems": ["gems", "gemstones"], "furniture": ["furniture", "pieces of furniture"],
    "emotions": ["emotions", "feelings"], "vehicles": ["vehicles", "means of transport"],
    "animals": ["animals"], "vegetables": ["vegetables", "veggies"],
}
SINGULAR = {
    "fruits": "fruit", "vegetables": "vegetable", "colours": "colour", "animals": "animal", "birds": "bird",
    "trees": "tree", "flowers": "flower", "countries": "country", "cities": "city", "rivers": "river",
    "instruments": "instrument", "sports": "sport", "shapes": "shape", "drinks": "drink", "metals": "metal",
    "planets": "planet", "months": "month", "languages": "language", "tools": "tool", "insects": "insect",
}

NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
           "sixteen seventeen eighteen nineteen twenty").split()

NAMES = """Ada Alan Alice Amir Anna Ben Bella Bruno Carla Chen Clara Daniel David Diego Elena Emil Emma Erik Eva Farid
Fatima Felix Finn Frida Grace Hana Hassan Heidi Henry Hugo Ida Igor Ines Ivan Jack James Jana Jonas Julia Kai Karim Kate
Laura Lena Leo Liam Lina Lisa Lucas Lucy Luis Maria Marco Maya Mia Mila Milan Nadia Nina Noah Nora Olga Oliver Omar Oscar
Paul Pedro Peter Petra Priya Rachel Raj Rosa Ruth Sam Sara Sofia Stefan Susan Tara Thomas Tim Tom Uma Vera Viktor Wei Yara
Yusuf Zoe""".split()

SUBJECTS = """rain snow wind fog frost ice thunder lightning clouds sunlight moonlight sunrise sunset dawn dusk midnight noon
spring summer autumn winter morning evening night time silence music dreams memory love hope sorrow joy friendship
rivers mountains forests oceans deserts islands valleys lakes waterfalls stars planets comets galaxies
cats dogs horses foxes wolves owls crows swans spiders bees butterflies whales dolphins frogs snails turtles
coffee tea bread honey apples cherries soup chocolate wine salt oranges
trains bridges lighthouses windmills clocks candles lanterns mirrors books letters paper ink pencils maps
robots computers software code bugs servers keyboards networks data streams tokens gateways java compilers
gardens roses tulips daisies moss ferns bamboo willows oaks leaves roots seeds
cities streets markets stations harbours ships sails anchors trams bicycles
grandmothers children teachers sailors farmers painters dancers poets
football chess painting dancing swimming sleep laughter tears hunger work rest travel home school
volcanoes earthquakes glaciers storms tides waves sand shells pebbles coral""".split()
ADJECTIVES = """old new small big quiet loud red blue green white black golden silver warm cold soft hard bright dark slow quick
gentle wild lonely happy sad tired hungry brave clever strange simple broken hidden distant early late empty full young
sleepy frozen dusty shiny rusty wooden yellow purple tiny huge sweet bitter heavy light""".split()
NOUNS = """cat dog fox owl bear wolf mouse horse bird fish tree flower river lake sea hill mountain valley road bridge house door
window table chair lamp clock book letter key box coat hat shoe ring coin cup spoon knife plate bottle basket rope wheel cart
boat ship train bus car engine robot machine computer screen phone camera radio piano drum bell song story poem word name
number question answer secret promise garden farm field forest island village town city street market shop school church
castle tower wall gate bench park pond stone leaf branch root seed apple pear plum bread cheese egg cake soup tea coffee
milk sugar salt honey king queen child teacher doctor baker farmer sailor painter friend neighbour stranger giant dragon
wizard ghost moon star sun cloud rain snow wind storm shadow fire smoke ash dust sand glass paper wood iron gold silver silk
wool thread needle button pocket umbrella candle mirror ladder bucket broom brush hammer nail kite balloon lantern blanket
pillow carpet curtain kettle oven bowl jar feather wing tail paw nose ear eye hand foot heart""".split()
VERBS = """run walk jump sing dance sleep eat drink read write see hear find lose keep give take bring send hold carry push pull
open close break mend build paint cook wash clean grow plant cut throw catch climb swim fly ride drive wait listen speak
laugh cry smile dream think know learn teach forget remember begin stop turn move stand sit fall rise hide seek follow lead
call ask tell show count play work rest help love like want need hope fear""".split()
SMALL = "the a my your our this that some every no in on under over by near with without and or but not so very quite never always".split()

CODE_LANGUAGES = "Java Python Rust Go Kotlin Ruby JavaScript TypeScript C SQL Bash Haskell Scala PHP HTML CSS".split()
TONGUES = "French Spanish German Italian Portuguese Dutch Polish Japanese Chinese Arabic Latin Greek Russian Korean".split()
TOPICS = """quantum mechanics; relativity; photosynthesis; black holes; the French Revolution; the Roman Empire; gravity; evolution;
inflation; interest rates; the stock market; democracy; philosophy; climate change; machine learning; neural networks;
transformers; blockchain; cryptography; databases; kubernetes; docker; linux; git; recursion; sorting; hash tables; monads;
the water cycle; volcanoes; electricity; magnetism; vaccines; vitamins; the human heart; DNA; chess openings; jazz; opera;
baking bread; growing tomatoes; running a marathon; knitting; tax law; contracts; mortgages; job interviews; meditation;
the meaning of life; free will; consciousness; dinosaurs; the moon landing; penicillin; the internet; radio; steam engines;
football rules; the Olympic games; Shakespeare; Mozart; Picasso; Einstein; Newton; Darwin; Napoleon; Cleopatra; Aristotle;
thermodynamics; probability; calculus; prime numbers; the speed of light; plate tectonics; the ozone layer; coral reefs;
penguins; sourdough; yoga; the violin; impressionism; existentialism; compilers; garbage collection; the JVM; TCP; DNS"""
TOPICS = [" ".join(topic.split()) for topic in TOPICS.split(";")]

# Lines of haiku: the first by the syllables of its subject, then lines of seven and of five.
HAIKU_FIRST = {
    1: ["{s} in the soft light", "{s} at break of day", "{s}, and then silence", "we wake to find {s}", "i dreamed about {s}",
        "nothing here but {s}", "{s} under the moon", "slowly, slowly, {s}"],
    2: ["{s} in the light", "{s} at daybreak", "i dreamed of {s}", "nothing but {s}", "{s} and the moon", "{s}, soft and slow",
        "who waits for {s}?", "a world of {s}"],
    3: ["{s} at dawn", "{s}, alone", "only {s}", "{s} in spring", "again {s}", "{s} at night"],
    4: ["just {s}", "ah, {s}", "{s}, hush", "oh, {s}"],
    5: ["{s}"],
}
HAIKU_SEVEN = """soft steps along the old road; the whole world holds still to see; carried on the evening wind;
a thousand windows of light; slow water under the bridge; the old pond keeps its secret; and somewhere a bird takes wing;
nothing hurries, all arrives; word by word the story comes; shadows lengthen on the grass; one by one the lights come on;
the smell of rain on warm stone; children laughing far away; drop by drop the cup is filled; in the hush before the dawn;
all night long the waves return; a thread of silver and blue; what was heavy now is light; the clouds move on without us;
a letter with no address; leaves turn over in their sleep; the kettle begins to sing; we count the seconds and smile;
roots go deeper than we know"""
HAIKU_FIVE = """the evening grows still; a door stands open; and nothing is lost; the river goes on; we breathe in, and wait;
light falls on the stones; one leaf, then the next; the wind knows the way; morning comes again; the moon looks away;
a small bell answers; and the day begins; snow falls without sound; the heart keeps its time; no one says a word;
the hills turn to blue; quiet as a thought; a long breath, then rest; the garden listens; dust dances in light;
far off, a dog barks; the lamp burns down low; then only the rain; the first star appears; all the roads lead home;
silence, and then song; the stream never stops; a gate lets it through"""
HAIKU_SEVEN = [" ".join(line.split()) for line in HAIKU_SEVEN.split(";")]
HAIKU_FIVE = [" ".join(line.split()) for line in HAIKU_FIVE.split(";")]

ONSETS = "b c d f g h j k l m n p r s t v w z bl br cl cr dr fl fr gl gr pl pr sc sh sk sl sm sn sp st sw th tr ch qu".split()
NUCLEI = "a e i o u a e i o u ai ea ee oa oo ou y".split()
CODAS = ["", "", "", "b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "x", "nd", "nt", "rk", "st", "sh", "ck", "ll", "mp", "zz"]


def syllables(word):
    """A plausible count of syllables: groups of vowels, less a silent final e."""
    word = word.lower()
    count, before = 0, False
    for letter in word:
        vowel = letter in "aeiouy"
        count += vowel and not before
        before = vowel
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    if word.endswith("es") and len(word) > 3 and word[-3] not in "sxzc" and not word.endswith(("ches", "shes", "ges", "ies", "les")) and count > 1:
        count -= 1
    return max(count, 1)


def phrase_syllables(phrase):
    return sum(syllables(word) for word in phrase.split())
