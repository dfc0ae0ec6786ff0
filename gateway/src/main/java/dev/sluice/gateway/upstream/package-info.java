/** The model side: connections to model servers, what they are and which models they have. */
@NullMarked
package dev.sluice.gateway.upstream;

import org.jspecify.annotations.NullMarked;
