/**
 * The tests of the browser package and of the playground, which Node and Chromium run. Each test of
 * theirs is a test here. Without Node, without Chromium, or without the packages that {@code
 * ./check} installs, they are skipped and say so.
 */
@NullMarked
package dev.sluice.web;

import org.jspecify.annotations.NullMarked;
