/** Which upstream answers to which name. */
@NullMarked
package dev.sluice.gateway.routing;

import org.jspecify.annotations.NullMarked;
