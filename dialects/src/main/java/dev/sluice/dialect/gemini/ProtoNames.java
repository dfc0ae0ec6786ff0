package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;

import java.util.ArrayList;
import java.util.List;

/**
 * Member names as this wire has them: those of protocol buffers in JSON, where {@code
 * systemInstruction} and {@code system_instruction} are one and the same.
 */
final class ProtoNames {
    private final Names names;
    private final int[] places;

    private ProtoNames(Names names, int[] places) {
        this.names = names;
        this.places = places;
    }

    /** Names in camel case, each known in its other spelling too. */
    static ProtoNames of(String... camelCase) {
        List<String> spellings = new ArrayList<>(List.of(camelCase));
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < camelCase.length; i++) {
            places.add(i);
        }
        for (int i = 0; i < camelCase.length; i++) {
            String snake = snakeCase(camelCase[i]);
            if (!snake.equals(camelCase[i])) {
                spellings.add(snake);
                places.add(i);
            }
        }
        return new ProtoNames(
                Names.of(spellings.toArray(String[]::new)),
                places.stream().mapToInt(Integer::intValue).toArray());
    }

    static String snakeCase(String camelCase) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c - 'A' + 'a'));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    /** The name in camel case, for a member that has no place here. */
    static String camelCase(String name) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean joint = c == '_' && i > 0 && i + 1 < name.length();
            if (joint && name.charAt(i + 1) >= 'a' && name.charAt(i + 1) <= 'z') {
                camel.append((char) (name.charAt(++i) - 'a' + 'A'));
            } else {
                camel.append(c);
            }
        }
        return camel.toString();
    }

    /** As {@link JsonReader#nextField}, with one place for both spellings. */
    int next(JsonReader reader) {
        int found = reader.nextField(names);
        return found < 0 ? found : places[found];
    }

    /** The name in camel case. */
    String name(int place) {
        return names.name(place);
    }
}
