/**
 * The code of docs/java.md, as it is compiled and run. It is written as its readers write, and is
 * therefore not marked for the checker of nulls.
 */
package dev.sluice.client.examples;
