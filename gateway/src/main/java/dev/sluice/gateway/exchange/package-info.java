/**
 * One request and its response: the token path between a client and an upstream. It knows
 * interfaces only.
 */
@NullMarked
package dev.sluice.gateway.exchange;

import org.jspecify.annotations.NullMarked;
