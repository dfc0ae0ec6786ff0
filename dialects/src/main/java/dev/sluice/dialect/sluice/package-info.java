/** The gateway's own form of streams, for browsers and for clients that need no vendor's. */
@NullMarked
package dev.sluice.dialect.sluice;

import org.jspecify.annotations.NullMarked;
