package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;

import java.util.ArrayList;
import java.util.List;

/** Header fields in the making: one that is set again takes the place of the earlier one. */
final class FieldList {
    private final List<Header> fields = new ArrayList<>(12);

    void set(String name, String value) {
        set(new Header(name, value));
    }

    void setAll(Headers headers) {
        List<Header> all = headers.all();
        for (int i = 0; i < all.size(); i++) {
            set(all.get(i));
        }
    }

    private void set(Header field) {
        int at = find(field.name());
        if (at < 0) {
            fields.add(field);
        } else {
            fields.set(at, field);
        }
    }

    /** The value of the field {@code name}; empty if there is none. */
    String get(String name) {
        int at = find(name);
        return at < 0 ? "" : fields.get(at).value();
    }

    private int find(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    Headers toHeaders() {
        return new Headers(fields);
    }
}
