package dev.sluice.llama.grammar;

/** Strings of a length, a pattern or a format. */
final class StringRules {
    private final Rules rules;
    private final JsonTokens tokens;

    StringRules(Rules rules, JsonTokens tokens) {
        this.rules = rules;
        this.tokens = tokens;
    }

    String of(Schema schema) {
        String pattern = schema.text("pattern");
        if (!pattern.isEmpty()) {
            String expression = PatternRules.of(pattern, tokens);
            if (!expression.isEmpty()) {
                if (schema.has("minLength") || schema.has("maxLength")) {
                    rules.ignore("minLength");
                    rules.ignore("maxLength");
                }
                return rules.rule("pattern", "\"\\\"\" " + expression + " \"\\\"\"");
            }
            rules.ignore("pattern");
        }
        String format = schema.text("format");
        if (!format.isEmpty()) {
            String expression = format(format);
            if (!expression.isEmpty()) {
                return rules.shared("format-" + format, "\"\\\"\" " + expression + " \"\\\"\"");
            }
            rules.ignore("format");
        }
        return ofLength(schema);
    }

    private String ofLength(Schema schema) {
        int least = length(schema, "minLength", 0);
        int most = length(schema, "maxLength", -1);
        if (most >= 0 && most < least) {
            throw new GrammarException("`minLength` of the schema is more than `maxLength`");
        }
        if (least == 0 && most < 0) {
            return tokens.string();
        }
        String characters =
                most == 0 ? "" : tokens.character() + JsonRules.repeat(least, most) + " ";
        return "\"\\\"\" " + characters + "\"\\\"\"";
    }

    private int length(Schema schema, String word, int otherwise) {
        int length = schema.count(word, otherwise);
        if (length > JsonTokens.MOST_REPETITIONS) {
            rules.ignore(word);
            return otherwise;
        }
        return length;
    }

    private String format(String format) {
        return switch (format) {
            case "date" -> date();
            case "time" -> time();
            case "date-time" -> date() + " \"T\" " + time();
            case "uuid" ->
                    "[0-9a-fA-F]{8} \"-\" [0-9a-fA-F]{4} \"-\" [0-9a-fA-F]{4} \"-\" [0-9a-fA-F]{4}"
                            + " \"-\" [0-9a-fA-F]{12}";
            case "ipv4" -> byteOfAddress() + " (\".\" " + byteOfAddress() + "){3}";
            default -> "";
        };
    }

    private String byteOfAddress() {
        return rules.shared(
                "byte", "[0-9] | [1-9] [0-9] | \"1\" [0-9]{2} | \"2\" [0-4] [0-9] | \"25\" [0-5]");
    }

    private String date() {
        return rules.shared(
                "date",
                "[0-9]{4} \"-\" (\"0\" [1-9] | \"1\" [0-2]) \"-\" (\"0\" [1-9] | [1-2] [0-9] |"
                        + " \"3\" [0-1])");
    }

    private String time() {
        String hour = rules.shared("hour", "[0-1] [0-9] | \"2\" [0-3]");
        return rules.shared(
                "time",
                hour
                        + " \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,9})? (\"Z\" |"
                        + " [+\\x2D] "
                        + hour
                        + " \":\" [0-5] [0-9])");
    }
}
