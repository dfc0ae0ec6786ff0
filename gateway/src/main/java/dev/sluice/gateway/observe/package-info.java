/** What is measured on every exchange and where it is told. Watches, never changes. */
@NullMarked
package dev.sluice.gateway.observe;

import org.jspecify.annotations.NullMarked;
