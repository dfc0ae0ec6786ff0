@NullMarked
package dev.sluice.dialect.ollama;

import org.jspecify.annotations.NullMarked;
