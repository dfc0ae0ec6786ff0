package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request on its way to an upstream: what was changed for it, and what the gateway must do in the
 * upstream's place.
 */
final class OllamaOutgoing {
    private static final int LONGEST_NAME = 64;

    private final Request request;
    private final Target target;
    private final boolean sameDialect;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> customTools = new LinkedHashSet<>();
    private final List<String> instructions = new ArrayList<>();

    OllamaOutgoing(Request request, Target target) {
        this.request = request;
        this.target = target;
        this.sameDialect = request.dialect().equals(OllamaDialect.NAME);
    }

    Request request() {
        return request;
    }

    /** Whether the client speaks this dialect too. */
    boolean sameDialect() {
        return sameDialect;
    }

    boolean is(Quirk quirk) {
        return target.quirks().is(quirk);
    }

    void dropped(String what) {
        warnings.add("dropped=" + printable(what));
    }

    void droppedIf(boolean said, String what) {
        if (said) {
            dropped(what);
        }
    }

    void emulated(String what) {
        warnings.add("emulated=" + what);
    }

    void clamped(String what) {
        warnings.add("clamped=" + what);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** A sentence for the model that stands for something the upstream has no parameter for. */
    void instruct(String sentence) {
        instructions.add(sentence);
    }

    List<String> instructions() {
        return instructions;
    }

    /** The client's free-text tool is a function with one string to this upstream. */
    void emulateCustom(String name) {
        customTools.add(name);
        emulated("custom_tool");
    }

    Emulations emulations() {
        return new Emulations(Map.of(), customTools, List.of());
    }

    /** Tells that a cache breakpoint on {@code block} is lost. */
    void noBreakpoint(Block block) {
        droppedIf(block.cacheControl() != null, "cache_control");
    }

    /** A name of the client's as it may stand in a header field. */
    private static String printable(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length() && i < LONGEST_NAME; i++) {
            char c = name.charAt(i);
            out.append(c > ' ' && c < 0x7f && c != ',' ? c : '?');
        }
        return out.toString();
    }

    /**
     * The request has something in {@code param} that this upstream cannot be told and that must
     * not be left out.
     */
    static RuntimeException refused(String param, String why) {
        return Failure.unsupported(param, why).asException();
    }
}
