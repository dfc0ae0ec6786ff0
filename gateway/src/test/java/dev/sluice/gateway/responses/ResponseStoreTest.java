package dev.sluice.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What is kept is bounded. */
class ResponseStoreTest {
    private final AtomicLong now = new AtomicLong();

    private ResponseStore store(int entries, long bytes) {
        return new ResponseStore(entries, bytes, Duration.ofMinutes(1), now::get);
    }

    private static StoredResponse response(String id) {
        StoredResponse response = new StoredResponse("a", List.of(Raw.of("{}")));
        response.become(id, false, Raw.of("{\"id\":\"" + id + "\"}"));
        return response;
    }

    @Test
    void forgetsTheOldestBeyondItsNumber() {
        ResponseStore store = store(2, 1 << 20);
        for (String id : List.of("r1", "r2", "r3")) {
            store.keep(response(id));
        }
        assertThat(store.size()).isEqualTo(2);
        assertThat(store.find("r1")).isEmpty();
        assertThat(store.find("r3")).isPresent();
    }

    @Test
    void forgetsTheOldestBeyondItsBytes() {
        ResponseStore store = store(100, 20_000);
        for (int i = 0; i < 50; i++) {
            StoredResponse response = response("r" + i);
            store.keep(response);
            response.append(new byte[1000], 0, 1000);
            store.grow(response, 1000);
            assertThat(store.bytes()).isLessThanOrEqualTo(20_000);
        }
        assertThat(store.find("r49")).isPresent();
        assertThat(store.find("r0")).isEmpty();
    }

    @Test
    void keepsNoneThatIsLargerThanAQuarterOfAll() {
        ResponseStore store = store(100, 20_000);
        StoredResponse small = response("small");
        StoredResponse large = response("large");
        store.keep(small);
        store.keep(large);
        store.grow(large, 6000);
        assertThat(store.find("large")).isEmpty();
        assertThat(large.isDropped()).isTrue();
        assertThat(store.find("small")).isPresent();
    }

    @Test
    void forgetsWhatIsOld() {
        ResponseStore store = store(100, 1 << 20);
        store.keep(response("old"));
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        store.keep(response("new"));
        assertThat(store.find("old")).isPresent();
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(store.find("old")).isEmpty();
        assertThat(store.find("new")).isPresent();
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
    }

    @Test
    void countsWhatItForgot() {
        ResponseStore store = store(100, 1 << 20);
        StoredResponse response = response("r");
        store.keep(response);
        store.keep(response("r"));
        store.remove(response);
        assertThat(store.size()).isEqualTo(1);
        store.find("r").ifPresent(store::remove);
        assertThat(store.bytes()).isZero();
    }
}
