package dev.sluice.gateway.config;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of a YAML file. It is built from the parser's events and nothing behind them: tags are
 * refused, so that no text makes an object; aliases are refused, so that no short file becomes a
 * large one; nesting is bounded. No problem repeats a value, because it may be a secret.
 */
final class YamlTree {

    private static final int DEEPEST = 32;
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

    private static final Problem ALIAS =
            Problem.of("", "anchors (&) and aliases (*) are not read")
                    .expecting("the value itself, in quotes if it starts with & or *");
    private static final Problem TAG =
            Problem.of("", "tags (!) are not read")
                    .expecting("the value itself, in quotes if it starts with !");
    private static final Problem KEY =
            Problem.of("", "a list or a mapping cannot be a key").expecting("a word");

    private final Reading reading;
    private final Iterator<Event> events;

    private YamlTree(Reading reading, Iterator<Event> events) {
        this.reading = reading;
        this.events = events;
    }

    /**
     * The one document of {@code source}; empty when it cannot be read at all, and then why is
     * noted.
     */
    static Optional<Node> read(String source, Reading reading) {
        int reserved = Interpolation.reserved(source);
        if (reserved >= 0) {
            reading.note(unreadable(source, reserved, reading));
            return Optional.empty();
        }
        try {
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
            Parse parse = new Parse(settings);
            return Optional.of(
                    new YamlTree(reading, parse.parseString(Interpolation.mask(source)).iterator())
                            .document());
        } catch (InvalidValue stopped) {
            reading.note(stopped.problem());
        } catch (MarkedYamlEngineException syntax) {
            reading.note(YamlSyntax.explain(syntax, reading.file()));
        } catch (ReaderException character) {
            reading.note(unreadable(source, index(source, character.getPosition()), reading));
        } catch (YamlEngineException other) {
            reading.note(
                    Problem.of("", "this cannot be read as YAML")
                            .at(new Place(reading.file(), 1, 1)));
        }
        return Optional.empty();
    }

    private Node document() {
        Node.Where top = new Node.Where("", "", new Place(reading.file(), 1, 1));
        Node root = new Node.Nothing(top);
        int documents = 0;
        while (events.hasNext()) {
            Event event = events.next();
            if (event.getEventId() == Event.ID.DocumentStart && ++documents > 1) {
                throw new InvalidValue(
                        Problem.of("", "a second document starts here")
                                .expecting("one")
                                .at(place(event)));
            }
            if (event instanceof NodeEvent) {
                root = node(event, top, 0);
            }
        }
        return root;
    }

    /** The value that begins with {@code event}; {@code key} is where its key stands. */
    private Node node(Event event, Node.Where key, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidValue(
                    Problem.of("", "this is nested too deep")
                            .expecting("at most " + DEEPEST + " levels")
                            .at(place(event)));
        }
        Node.Where here = key.at(place(event));
        Node node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar, here);
                    case MappingStartEvent _ -> mapping(key, depth);
                    case CollectionStartEvent _ -> listing(here, depth);
                    default -> new Node.Nothing(here);
                };
        return reading.remember(
                objection(event).map(problem -> broken(here, problem)).orElse(node));
    }

    private Node scalar(ScalarEvent event, Node.Where here) {
        String written = Interpolation.unmask(event.getValue());
        if (event.isPlain() && NOTHING.contains(written)) {
            return new Node.Nothing(here);
        }
        try {
            return new Node.Scalar(here, Interpolation.expand(written, reading.env()), written);
        } catch (InvalidValue invalid) {
            return broken(here, invalid.problem());
        }
    }

    private Node listing(Node.Where here, int depth) {
        List<Node> items = new ArrayList<>();
        for (Event event = events.next();
                event.getEventId() != Event.ID.SequenceEnd;
                event = events.next()) {
            items.add(node(event, here.item(items.size(), place(event)), depth + 1));
        }
        return new Node.Listing(here, items);
    }

    private Node mapping(Node.Where here, int depth) {
        List<Node.Entry> entries = new ArrayList<>();
        Map<String, Place> seen = new HashMap<>();
        for (Event event = events.next();
                event.getEventId() != Event.ID.MappingEnd;
                event = events.next()) {
            Optional<String> key = key(event, here.path());
            Node.Where inside = here.key(key.orElse("?"), place(event));
            Node value = node(events.next(), inside, depth + 1);
            if (key.isPresent()) {
                Place first = seen.putIfAbsent(key.get(), inside.place());
                if (first == null) {
                    entries.add(new Node.Entry(key.get(), inside.place(), value));
                } else {
                    String what = "is here twice, first in line " + first.line();
                    reading.note(
                            Problem.of(inside.path(), what).expecting("once").at(inside.place()));
                }
            }
        }
        return new Node.Mapping(here, entries);
    }

    private Optional<String> key(Event event, String path) {
        Place here = place(event);
        if (event instanceof CollectionStartEvent) {
            throw new InvalidValue(KEY.under(path).at(here));
        }
        Optional<Problem> objection = objection(event);
        objection.ifPresent(problem -> reading.note(problem.under(path).at(here)));
        return objection.isEmpty() && event instanceof ScalarEvent scalar
                ? Optional.of(Interpolation.unmask(scalar.getValue()))
                : Optional.empty();
    }

    /** What of YAML is refused, whatever it stands on. */
    private static Optional<Problem> objection(Event event) {
        boolean tagged =
                switch (event) {
                    case ScalarEvent scalar -> scalar.getTag().isPresent();
                    case CollectionStartEvent start -> start.getTag().isPresent();
                    default -> false;
                };
        if (tagged) {
            return Optional.of(TAG);
        }
        boolean anchored = event instanceof NodeEvent node && node.getAnchor().isPresent();
        return anchored || event instanceof AliasEvent ? Optional.of(ALIAS) : Optional.empty();
    }

    private Node broken(Node.Where here, Problem problem) {
        reading.note(problem.under(here.path()).at(here.place()));
        return new Node.Broken(here);
    }

    private Place place(Event event) {
        return YamlSyntax.place(event.getStartMark(), reading.file());
    }

    private static int index(String source, int codePoints) {
        return source.offsetByCodePoints(
                0, Math.min(codePoints, source.codePointCount(0, source.length())));
    }

    private static Problem unreadable(String source, int index, Reading reading) {
        int line = 1 + (int) source.substring(0, index).chars().filter(c -> c == '\n').count();
        int column = index - source.lastIndexOf('\n', index - 1);
        String what = "the character U+%04X cannot be read".formatted(source.codePointAt(index));
        return Problem.of("", what)
                .expecting("text that can be seen")
                .at(new Place(reading.file(), line, column));
    }
}
