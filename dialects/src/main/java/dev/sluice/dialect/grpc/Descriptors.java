package dev.sluice.dialect.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The descriptions of all services that are served, as the compiler of protobuf has written them
 * from the files in {@code src/main/proto}: {@code protoc --descriptor_set_out}. A test holds the
 * two together.
 */
final class Descriptors {
    private static final String RESOURCE = "services.binpb";

    /** Those of this process. */
    static final Descriptors ALL = read();

    private final Map<String, byte[]> byFile = new HashMap<>();
    private final Map<String, byte[]> bySymbol = new HashMap<>();
    private final List<String> services = new ArrayList<>();

    private Descriptors(byte[] set) {
        ProtoReader reader = new ProtoReader(set);
        for (int field = reader.next(); field > 0; field = reader.next()) {
            if (field == 1) {
                file(reader.bytes());
            } else {
                reader.skip();
            }
        }
    }

    private static Descriptors read() {
        try (InputStream in = Descriptors.class.getResourceAsStream(RESOURCE)) {
            return new Descriptors(Objects.requireNonNull(in, RESOURCE).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    private void file(byte[] file) {
        String name = "";
        String scope = "";
        List<byte[]> types = new ArrayList<>();
        List<byte[]> offered = new ArrayList<>();
        ProtoReader reader = new ProtoReader(file);
        for (int field = reader.next(); field > 0; field = reader.next()) {
            switch (field) {
                case 1 -> name = reader.string();
                case 2 -> scope = reader.string() + ".";
                case 4, 5 -> types.add(reader.bytes());
                case 6 -> offered.add(reader.bytes());
                default -> reader.skip();
            }
        }
        byFile.put(name, file);
        for (byte[] type : types) {
            bySymbol.put(scope + name(type), file);
        }
        for (byte[] service : offered) {
            String symbol = scope + name(service);
            services.add(symbol);
            bySymbol.put(symbol, file);
            methods(symbol, service, file);
        }
    }

    private void methods(String symbol, byte[] service, byte[] file) {
        ProtoReader reader = new ProtoReader(service);
        for (int field = reader.next(); field > 0; field = reader.next()) {
            if (field == 2) {
                bySymbol.put(symbol + "." + name(reader.bytes()), file);
            } else {
                reader.skip();
            }
        }
    }

    private static String name(byte[] description) {
        ProtoReader reader = new ProtoReader(description);
        for (int field = reader.next(); field > 0; field = reader.next()) {
            if (field == 1) {
                return reader.string();
            }
            reader.skip();
        }
        return "";
    }

    List<String> services() {
        return List.copyOf(services);
    }

    Optional<byte[]> file(String name) {
        return Optional.ofNullable(byFile.get(name));
    }

    Optional<byte[]> symbol(String name) {
        return Optional.ofNullable(bySymbol.get(name));
    }
}
