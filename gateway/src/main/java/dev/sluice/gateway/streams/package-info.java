/** What is kept of the gateway's own streams, for clients that lost the connection on the way. */
@NullMarked
package dev.sluice.gateway.streams;

import org.jspecify.annotations.NullMarked;
