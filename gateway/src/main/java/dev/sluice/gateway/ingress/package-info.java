/** The client side: sockets, paths, keys, bodies. */
@NullMarked
package dev.sluice.gateway.ingress;

import org.jspecify.annotations.NullMarked;
