/**
 * The vendors' own npm clients, run by the system's Node, through a real gateway. A test starts a
 * gateway and lets a script of {@code src/test/node} ask it; what the script heard comes back as
 * JSON. Without Node, or without the packages that {@code ./check} installs, the tests are skipped
 * and say so.
 */
@NullMarked
package dev.sluice.nodetests;

import org.jspecify.annotations.NullMarked;
