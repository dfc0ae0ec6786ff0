/** The canonical request: what a client asked for, whatever dialect it asked in. */
@NullMarked
package dev.sluice.core.request;

import org.jspecify.annotations.NullMarked;
