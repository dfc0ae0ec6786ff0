/** Amazon Bedrock's Converse and ConverseStream, in both directions. */
@NullMarked
package dev.sluice.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
