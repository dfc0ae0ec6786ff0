package dev.sluice.llama.template;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the present time as {@code strftime_now(format)} asks. */
final class Dates {
    private Dates() {}

    static String format(String format, ZonedDateTime now) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char kind = format.charAt(++i);
            boolean unpadded = kind == '-' && i + 1 < format.length();
            String field = field(unpadded ? format.charAt(++i) : kind, now);
            out.append(unpadded ? field.replaceFirst("^0+(?=\\d)", "") : field);
        }
        return out.toString();
    }

    private static String field(char kind, ZonedDateTime now) {
        return switch (kind) {
            case 'Y' -> pattern("uuuu", now);
            case 'y' -> pattern("uu", now);
            case 'm' -> pattern("MM", now);
            case 'B' -> pattern("MMMM", now);
            case 'b', 'h' -> pattern("MMM", now);
            case 'd' -> pattern("dd", now);
            case 'e' -> pattern("ppd", now);
            case 'j' -> pattern("DDD", now);
            case 'A' -> pattern("EEEE", now);
            case 'a' -> pattern("EEE", now);
            case 'H' -> pattern("HH", now);
            case 'I' -> pattern("hh", now);
            case 'M' -> pattern("mm", now);
            case 'S' -> pattern("ss", now);
            case 'f' -> pattern("SSSSSS", now);
            case 'p' -> pattern("a", now).toUpperCase(Locale.ROOT);
            case 'Z' -> pattern("zzz", now);
            case 'z' -> pattern("xx", now);
            case 'F' -> pattern("uuuu-MM-dd", now);
            case 'T' -> pattern("HH:mm:ss", now);
            case '%' -> "%";
            default -> throw TemplateException.of("the date format `%" + kind + "` is unknown");
        };
    }

    private static String pattern(String pattern, ZonedDateTime now) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
    }
}
