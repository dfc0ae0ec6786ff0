package dev.sluice.testkit.http;

import java.io.IOException;

/** The other side sent something that is not HTTP/1.1 as we want it written. */
final class MalformedHttp extends IOException {
    MalformedHttp(String reason) {
        super(reason);
    }
}
