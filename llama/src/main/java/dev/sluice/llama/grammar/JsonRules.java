package dev.sluice.llama.grammar;

import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Raw;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes rules of a JSON schema. A document that the rules let through follows the schema but for
 * the words that are listed as ignored: those that no grammar of this kind can say. Where the
 * schema leaves a choice the rules are narrower than it: properties come in the order in which they
 * are declared, an object that declares properties has no others unless it says so, and white space
 * is short.
 */
public final class JsonRules {
    private static final int DEEPEST = 64;

    /** The engine walks through optional properties by recursion, on a thread's small stack. */
    private static final int MOST_PROPERTIES = 1000;

    private static final Set<String> UNSAYABLE =
            Set.of(
                    "not",
                    "if",
                    "then",
                    "else",
                    "patternProperties",
                    "dependentRequired",
                    "dependentSchemas",
                    "unevaluatedProperties",
                    "unevaluatedItems",
                    "propertyNames",
                    "contains",
                    "minContains",
                    "maxContains",
                    "uniqueItems",
                    "minProperties",
                    "maxProperties",
                    "multipleOf",
                    "contentEncoding",
                    "contentMediaType");

    private final Rules rules;
    private final Raw document;
    private final JsonTokens tokens;
    private final Map<String, String> references = new HashMap<>();
    private int depth;

    private JsonRules(Rules rules, Raw document) {
        this.rules = rules;
        this.document = document;
        this.tokens = new JsonTokens(rules);
    }

    /**
     * The expression of a document that follows {@code schema}.
     *
     * @throws GrammarException when the schema is malformed or nothing can follow it
     */
    public static String of(Raw schema, Rules rules) {
        JsonRules made = new JsonRules(rules, schema);
        return made.value(schema);
    }

    /** The expression of any JSON object. */
    public static String anyObject(Rules rules) {
        return new JsonTokens(rules).object();
    }

    /** The grammar of a document that follows {@code schema}. */
    public static Gbnf grammar(Raw schema) {
        Rules rules = new Rules();
        return rules.build(of(schema, rules));
    }

    private String value(Raw schema) {
        if (schema.kind() == Kind.BOOLEAN) {
            if (!schema.reader().bool()) {
                throw new GrammarException("a part of the schema is `false`: nothing follows it");
            }
            return tokens.value();
        }
        depth++;
        if (depth > DEEPEST) {
            throw new GrammarException("the schema nests deeper than " + DEEPEST);
        }
        String expression = value(Schema.of(schema));
        depth--;
        return expression;
    }

    private String value(Schema schema) {
        schema.words().keySet().stream().filter(UNSAYABLE::contains).forEach(rules::ignore);
        if (schema.has("$ref")) {
            return reference(schema.text("$ref"));
        }
        if (schema.has("const")) {
            return literal(schema.words().getOrDefault("const", Raw.of("null")));
        }
        if (schema.has("enum")) {
            return choice(schema.list("enum").stream().map(JsonRules::literal).toList(), "enum");
        }
        if (schema.has("allOf")) {
            return value(joined(schema));
        }
        for (String word : List.of("anyOf", "oneOf")) {
            if (schema.has(word)) {
                return alternatives(schema, word);
            }
        }
        return typed(schema);
    }

    private static String literal(Raw value) {
        return Rules.literal(
                value.kind() == Kind.STRING
                        ? JsonTokens.quoted(value.reader().string())
                        : value.toString().strip());
    }

    private static String choice(List<String> alternatives, String word) {
        if (alternatives.isEmpty()) {
            throw new GrammarException("`" + word + "` of the schema is empty");
        }
        return Rules.oneOf(alternatives);
    }

    /** Each alternative holds together with the words that stand beside them all. */
    private String alternatives(Schema schema, String word) {
        Schema beside = schema.without(word);
        List<String> alternatives = new ArrayList<>();
        for (Raw alternative : schema.list(word)) {
            if (alternative.kind() == Kind.OBJECT && constrains(beside)) {
                alternatives.add(value(beside.and(resolved(Schema.of(alternative)))));
            } else if (alternative.kind() != Kind.BOOLEAN || alternative.reader().bool()) {
                alternatives.add(value(alternative));
            }
        }
        return choice(alternatives, word);
    }

    private static boolean constrains(Schema schema) {
        return schema.has("properties") || schema.has("required") || schema.has("type");
    }

    private Schema joined(Schema schema) {
        Schema all = schema.without("allOf");
        for (Raw part : schema.list("allOf")) {
            depth++;
            if (depth > DEEPEST) {
                throw new GrammarException("the schema nests deeper than " + DEEPEST);
            }
            if (part.kind() == Kind.OBJECT) {
                Schema one = resolved(Schema.of(part));
                all = all.and(one.has("allOf") ? joined(one) : one);
            }
            depth--;
        }
        return all;
    }

    private Schema resolved(Schema schema) {
        Schema found = schema;
        for (int i = 0; found.has("$ref"); i++) {
            if (i > DEEPEST) {
                throw new GrammarException("a `$ref` of the schema leads to itself");
            }
            found = found.without("$ref").and(Schema.of(target(found.text("$ref"))));
        }
        return found;
    }

    private String reference(String pointer) {
        String known = references.get(pointer);
        if (known != null) {
            return known;
        }
        Raw target = target(pointer);
        String name = rules.reserve("ref-" + pointer.substring(pointer.lastIndexOf('/') + 1));
        references.put(pointer, name);
        rules.define(name, value(target));
        return name;
    }

    /** What a JSON pointer into the schema means. */
    private Raw target(String pointer) {
        if (!pointer.startsWith("#")) {
            throw new GrammarException("`$ref` of the schema leads out of it: " + pointer);
        }
        Raw at = document;
        if (pointer.length() < 2) {
            return at;
        }
        for (String step : pointer.substring(2).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            Raw next = null;
            if (at.kind() == Kind.OBJECT) {
                next = Schema.members(at).get(name);
            } else if (at.kind() == Kind.ARRAY && name.matches("\\d{1,6}")) {
                List<Raw> elements = new Schema(Map.of("at", at)).list("at");
                int index = Integer.parseInt(name);
                next = index < elements.size() ? elements.get(index) : null;
            }
            if (next == null) {
                throw new GrammarException("`$ref` of the schema leads nowhere: " + pointer);
            }
            at = next;
        }
        return at;
    }

    private String typed(Schema schema) {
        List<String> types = new ArrayList<>(schema.texts("type"));
        if (types.isEmpty()) {
            types.addAll(implied(schema));
        }
        if (schema.isTrue("nullable") && !types.contains("null") && !types.isEmpty()) {
            types.add("null");
        }
        if (types.isEmpty()) {
            return tokens.value();
        }
        return Rules.oneOf(types.stream().map(type -> ofType(type, schema)).toList());
    }

    /** The type that a schema means which names none but speaks of one. */
    private static List<String> implied(Schema schema) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        words.put("object", List.of("properties", "required", "additionalProperties"));
        words.put("array", List.of("items", "prefixItems", "minItems", "maxItems"));
        words.put("string", List.of("pattern", "minLength", "maxLength", "format"));
        words.put("number", List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"));
        for (var type : words.entrySet()) {
            if (type.getValue().stream().anyMatch(schema::has)) {
                return List.of(type.getKey());
            }
        }
        return List.of();
    }

    private String ofType(String type, Schema schema) {
        return switch (type) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "string" -> new StringRules(rules, tokens).of(schema);
            case "integer" -> NumberRules.integer(schema, tokens);
            case "number" -> NumberRules.number(schema, tokens);
            case "boolean" -> tokens.bool();
            case "null" -> Rules.literal("null");
            default -> throw new GrammarException("the schema has an unknown type `" + type + "`");
        };
    }

    private String array(Schema schema) {
        List<Raw> first = schema.list("prefixItems");
        if (first.isEmpty()
                && schema.has("items")
                && schema.words().getOrDefault("items", document).kind() == Kind.ARRAY) {
            first = schema.list("items");
        }
        int least = count(schema, "minItems", 0);
        int most = count(schema, "maxItems", -1);
        if (most >= 0 && most < least) {
            throw new GrammarException("`minItems` of the schema is more than `maxItems`");
        }
        if (!first.isEmpty()) {
            return tuple(first);
        }
        Raw items = schema.words().getOrDefault("items", Raw.of("true"));
        if (most == 0 || items.kind() == Kind.BOOLEAN && schema.isFalse("items")) {
            return "\"[\" " + tokens.space() + " \"]\"";
        }
        String item = rules.rule("item", value(items));
        String more = " (" + tokens.comma() + " " + item + ")";
        String some =
                most == 1
                        ? item
                        : item + more + repeat(Math.max(0, least - 1), most < 0 ? -1 : most - 1);
        return "\"[\" "
                + tokens.space()
                + " "
                + (least == 0
                        ? "(" + some + " " + tokens.space() + ")?"
                        : some + " " + tokens.space())
                + " \"]\"";
    }

    /** A count that the engine can repeat; where it cannot, the word is ignored. */
    private int count(Schema schema, String word, int otherwise) {
        int count = schema.count(word, otherwise);
        if (count > JsonTokens.MOST_REPETITIONS) {
            rules.ignore(word);
            return otherwise;
        }
        return count;
    }

    static String repeat(int least, int most) {
        if (most < 0) {
            return least == 0 ? "*" : "{" + least + ",}";
        }
        return "{" + least + "," + most + "}";
    }

    private String tuple(List<Raw> items) {
        StringBuilder out = new StringBuilder("\"[\" ").append(tokens.space());
        String between = " ";
        for (Raw item : items) {
            out.append(between).append(rules.rule("item", value(item)));
            between = " " + tokens.comma() + " ";
        }
        return out.append(' ').append(tokens.space()).append(" \"]\"").toString();
    }

    private String object(Schema schema) {
        Map<String, Raw> properties = new LinkedHashMap<>(schema.object("properties"));
        List<String> required = schema.texts("required");
        required.forEach(name -> properties.putIfAbsent(name, Raw.of("true")));
        properties
                .entrySet()
                .removeIf(
                        member ->
                                member.getValue().kind() == Kind.BOOLEAN
                                        && !member.getValue().reader().bool()
                                        && !required.contains(member.getKey()));
        Raw additional = schema.get("additionalProperties");
        boolean open =
                additional == null
                        ? properties.isEmpty() && !schema.has("properties")
                        : !schema.isFalse("additionalProperties");
        if (properties.isEmpty()
                && open
                && (additional == null || additional.kind() == Kind.BOOLEAN)) {
            return tokens.object();
        }
        if (properties.size() > MOST_PROPERTIES) {
            throw new GrammarException(
                    "an object of the schema has more than " + MOST_PROPERTIES + " properties");
        }
        List<String> pairs = new ArrayList<>();
        List<Boolean> must = new ArrayList<>();
        properties.forEach(
                (name, property) -> {
                    pairs.add(pair(name, property));
                    must.add(required.contains(name));
                });
        String more = "";
        if (open) {
            String key = tokens.otherName(properties.keySet());
            String value = additional == null ? tokens.value() : value(additional);
            more =
                    rules.rule(
                            "other", key + " " + tokens.colon() + " " + rules.rule("value", value));
        }
        return members(pairs, must, more);
    }

    private String pair(String name, Raw schema) {
        return rules.rule(
                "pair-" + shortened(name),
                Rules.literal(JsonTokens.quoted(name))
                        + " "
                        + tokens.colon()
                        + " "
                        + value(schema));
    }

    private static String shortened(String name) {
        return name.length() <= 24 ? name : name.substring(0, 24);
    }

    private static String either(String here, String otherwise) {
        return otherwise.isEmpty() ? "(" + here + ")?" : here + " | " + otherwise;
    }

    /**
     * The pairs in their order, any optional one left out. Two rules stand before each pair: one
     * for when nothing was written yet, one for when a comma is due.
     */
    private String members(List<String> pairs, List<Boolean> must, String more) {
        String comma = tokens.comma();
        String rest = more.isEmpty() ? "" : "(" + comma + " " + more + ")*";
        String begun = rest;
        String unbegun = more.isEmpty() ? "" : "(" + more + " " + rest + ")?";
        for (int i = pairs.size() - 1; i >= 0; i--) {
            String pair = pairs.get(i);
            String behind = begun.isEmpty() ? "" : " " + begun;
            boolean optional = !must.get(i);
            String here = pair + behind;
            String next = comma + " " + pair;
            unbegun =
                    i == 0 && !optional
                            ? here
                            : rules.rule("first", optional ? either(here, unbegun) : here);
            begun = rules.rule("more", (optional ? "(" + next + ")?" : next) + behind);
        }
        return "\"{\" " + tokens.space() + " " + unbegun + " " + tokens.space() + " \"}\"";
    }
}
