/** Chat templates: the part of Jinja that they are written in. */
@NullMarked
package dev.sluice.llama.template;

import org.jspecify.annotations.NullMarked;
