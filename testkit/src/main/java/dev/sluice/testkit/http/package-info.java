/**
 * HTTP/1.1 over raw sockets: an upstream and a client that do exactly what a test says, faults too.
 */
@NullMarked
package dev.sluice.testkit.http;

import org.jspecify.annotations.NullMarked;
