package dev.sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of one command: {@code --name value}, {@code --name=value}, or {@code --name} alone
 * for a switch. Each knows {@code --help}.
 */
final class Options {
    /**
     * One option.
     *
     * @param value what its value is called in the help; empty for a switch
     */
    record Option(String name, String value, String sentence) {
        boolean isSwitch() {
            return value.isEmpty();
        }
    }

    /**
     * What was typed: the values of each option in their order, and the words that are no options.
     */
    record Typed(Map<String, List<String>> values, List<String> words) {
        Optional<String> last(String name) {
            return Optional.ofNullable(values.get(name)).map(List::getLast);
        }

        List<String> all(String name) {
            return values.getOrDefault(name, List.of());
        }

        boolean has(String name) {
            return values.containsKey(name);
        }
    }

    private static final String HELP = "help";
    private static final int COLUMN = 26;

    private final Map<String, Option> options = new LinkedHashMap<>();

    Options(Option... options) {
        for (Option option : options) {
            this.options.put("--" + option.name(), option);
        }
        this.options.put("--" + HELP, new Option(HELP, "", "says this"));
    }

    /**
     * Reads a command line; all that follows {@code --} is no option.
     *
     * @throws UsageException for an option that there is not, or one without its value
     */
    Typed read(List<String> args) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < args.size()) {
            String arg = args.get(i++);
            if (arg.equals("--")) {
                words.addAll(args.subList(i, args.size()));
                break;
            }
            if (!arg.startsWith("-") || arg.equals("-")) {
                words.add(arg);
                continue;
            }
            int equals = arg.indexOf('=');
            Option option = option(equals < 0 ? arg : arg.substring(0, equals));
            String value = "";
            if (option.isSwitch()) {
                refuseValue(option, equals);
            } else if (equals >= 0) {
                value = arg.substring(equals + 1);
            } else {
                value = next(option, args, i++);
            }
            values.computeIfAbsent(option.name(), _ -> new ArrayList<>()).add(value);
        }
        return new Typed(values, words);
    }

    private Option option(String typed) {
        Option option = options.get(typed.equals("-h") ? "--" + HELP : typed);
        if (option == null) {
            throw UsageException.unknown("option", typed, options.keySet());
        }
        return option;
    }

    private static void refuseValue(Option option, int equals) {
        if (equals >= 0) {
            throw new UsageException("--" + option.name() + " takes no value");
        }
    }

    private static String next(Option option, List<String> args, int at) {
        if (at >= args.size() || args.get(at).startsWith("--")) {
            String usage = "--" + option.name() + " " + option.value();
            throw new UsageException("--" + option.name() + " needs a value: " + usage);
        }
        return args.get(at);
    }

    /** Whether the help is asked for. */
    static boolean wantsHelp(Typed typed) {
        return typed.has(HELP);
    }

    /** A line for each option. */
    String help() {
        StringBuilder help = new StringBuilder();
        for (Option option : options.values()) {
            String usage = "--" + option.name() + (option.isSwitch() ? "" : " " + option.value());
            help.append("  ").append(usage);
            help.append(" ".repeat(Math.max(2, COLUMN - usage.length())));
            help.append(option.sentence()).append('\n');
        }
        return help.toString();
    }
}
