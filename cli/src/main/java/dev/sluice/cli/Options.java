package dev.sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of one command: {@code --name value}, {@code --name=value}, or {@code --name} alone
 * for a switch.
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

    /** What was typed. */
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

    private final Map<String, Option> options = new LinkedHashMap<>();

    Options(Option... options) {
        for (Option option : options) {
            this.options.put("--" + option.name(), option);
        }
    }

    /**
     * Reads a command line.
     *
     * @throws UsageException for an option that there is not, or one without its value
     */
    Typed read(List<String> args) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (!arg.startsWith("-")) {
                words.add(arg);
                continue;
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            Option option = options.get(name);
            if (option == null) {
                throw UsageException.unknown("option", name, options.keySet());
            }
            String value = "";
            if (option.isSwitch() && equals >= 0) {
                throw new UsageException(name + " takes no value");
            } else if (!option.isSwitch() && equals >= 0) {
                value = arg.substring(equals + 1);
            } else if (!option.isSwitch()) {
                if (++i >= args.size()) {
                    throw new UsageException(
                            name + " needs a value: " + name + " " + option.value());
                }
                value = args.get(i);
            }
            values.computeIfAbsent(option.name(), _ -> new ArrayList<>()).add(value);
        }
        return new Typed(values, words);
    }

    /** A line for each option. */
    String help() {
        StringBuilder help = new StringBuilder();
        for (Option option : options.values()) {
            String usage = "--" + option.name() + " " + option.value();
            help.append("  ").append(usage).append(" ".repeat(Math.max(1, 24 - usage.length())));
            help.append(option.sentence()).append('\n');
        }
        return help.toString();
    }
}
