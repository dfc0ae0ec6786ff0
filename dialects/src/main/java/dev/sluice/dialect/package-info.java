/** The wire dialects that this gateway speaks, and what is known of the servers that speak them. */
@NullMarked
package dev.sluice.dialect;

import org.jspecify.annotations.NullMarked;
