@NullMarked
package dev.sluice.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
