/** The gateway as a whole: the one place where its parts are made and joined. */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;
