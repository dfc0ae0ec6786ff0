/**
 * Content codings of HTTP: gzip, deflate, br, zstd, undone for requests and for upstreams that use
 * them unasked.
 */
@NullMarked
package dev.sluice.gateway.coding;

import org.jspecify.annotations.NullMarked;
