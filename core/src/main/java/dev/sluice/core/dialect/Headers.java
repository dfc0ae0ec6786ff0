package dev.sluice.core.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header fields of a request or an answer. Names are compared without regard to case. */
public record Headers(List<Header> all) {
    /** One field. */
    public record Header(String name, String value) {
        /** The name alone: values may be keys. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** No field. */
    public static final Headers NONE = new Headers(List.of());

    /** Copies the list. */
    public Headers {
        all = List.copyOf(all);
    }

    /** Fields from name, value, name, value … */
    public static Headers of(String... namesAndValues) {
        List<Header> list = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            list.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(list);
    }

    /** The value of the first field called {@code name}. */
    public Optional<String> get(String name) {
        for (Header header : all) {
            if (header.name.equalsIgnoreCase(name)) {
                return Optional.of(header.value);
            }
        }
        return Optional.empty();
    }

    /** All values of fields called {@code name}, joined by commas. */
    public Optional<String> joined(String name) {
        StringBuilder values = new StringBuilder();
        for (Header header : all) {
            if (header.name.equalsIgnoreCase(name)) {
                values.append(values.isEmpty() ? "" : ",").append(header.value);
            }
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.toString());
    }
}
