package dev.sluice.core.dialect;

import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request on its way to an upstream: whom it is for, what was changed for that, and what the
 * gateway must do in the upstream's place.
 */
public final class Outgoing {
    /** The parameters of a function that stands for a free-text tool. */
    public static final Raw CUSTOM_PARAMETERS =
            Raw.of(
                    "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                            + "\"required\":[\"input\"],\"additionalProperties\":false}");

    private static final int LONGEST_NAME = 64;

    private final Request request;
    private final Target target;
    private final boolean sameDialect;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Map<String, String> toolNames = new LinkedHashMap<>();
    private final Set<String> customTools = new LinkedHashSet<>();
    private final List<String> instructions = new ArrayList<>();
    private List<String> stops = List.of();

    /** {@code request} on its way to {@code target}, which speaks {@code dialect}. */
    public Outgoing(String dialect, Request request, Target target) {
        this.request = request;
        this.target = target;
        this.sameDialect = request.dialect().equals(dialect);
    }

    /** The request. */
    public Request request() {
        return request;
    }

    /** Whom it is for. */
    public Target target() {
        return target;
    }

    /**
     * Whether the client speaks this dialect too, so that what is only known here can go through.
     */
    public boolean sameDialect() {
        return sameDialect;
    }

    /** Whether {@code quirk} holds for the upstream. */
    public boolean is(Quirk quirk) {
        return target.quirks().is(quirk);
    }

    /** Something was left out. */
    public void dropped(String what) {
        warnings.add("dropped=" + printable(what));
    }

    /** Something was left out, if it was {@code said}. */
    public void droppedIf(boolean said, String what) {
        if (said) {
            dropped(what);
        }
    }

    /** Something was done in another way. */
    public void emulated(String what) {
        warnings.add("emulated=" + printable(what));
    }

    /** A value was brought into the range that the upstream takes. */
    public void clamped(String what) {
        warnings.add("clamped=" + printable(what));
    }

    /** The probabilities of tokens are not told. */
    public void droppedLogprobs() {
        Long alternatives = request.sampling().topLogprobs();
        droppedIf(Boolean.TRUE.equals(request.sampling().logprobs()), "logprobs");
        droppedIf(alternatives != null && alternatives > 0, "top_logprobs");
    }

    /** Who asks, and for which service, is no matter to a model in this process. */
    public void droppedAccount() {
        droppedIf(request.user() != null, "user");
        droppedIf(request.serviceTier() != null, "service_tier");
    }

    /** The request to a model in this process: nothing is sent, and this was changed. */
    public EncodedRequest unsent() {
        return new EncodedRequest(new byte[0], Headers.NONE, warnings(), emulations());
    }

    /** What was changed, for the client. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** A sentence for the model that stands for something the upstream does not act on. */
    public void instruct(String sentence) {
        instructions.add(sentence);
    }

    /** The model is told in words which form its answer must have, if the request wants one. */
    public void instructFormat() {
        switch (request.responseFormat()) {
            case null -> {}
            case ResponseFormat.PlainText _ -> {}
            case ResponseFormat.JsonObject _ -> {
                instruct(InWords.jsonObject());
                emulated("response_format");
            }
            case ResponseFormat.JsonSchema schema -> {
                instruct(InWords.json(schema.schema()));
                emulated("response_format");
            }
        }
    }

    /** The sentences that the model is told. */
    public List<String> instructions() {
        return instructions;
    }

    /** The gateway ends the answer at these texts. */
    public void stopAt(List<String> texts) {
        stops = texts;
    }

    /** The client's free-text tool is a function with one string to this upstream. */
    public void emulateCustom(String name) {
        customTools.add(name);
        emulated("custom_tool");
    }

    /** Whether the free-text tool {@code name} is a function to this upstream. */
    public boolean emulatesCustom(String name) {
        return customTools.contains(name);
    }

    /** What the gateway does in the upstream's place. */
    public Emulations emulations() {
        return new Emulations(
                toolNames,
                customTools,
                stops,
                sameDialect ? "" : Emulations.begun(request, target));
    }

    /**
     * The name under which the upstream knows the client's tool. Names from another dialect may be
     * longer and have other characters than OpenAI's take.
     */
    public String toolName(String name) {
        if (sameDialect || isLegal(name)) {
            return name;
        }
        StringBuilder legal = new StringBuilder();
        for (int i = 0; i < name.length() && legal.length() < LONGEST_NAME - 9; i++) {
            legal.append(isLegal(name.charAt(i)) ? name.charAt(i) : '_');
        }
        String replaced = legal + "_" + sha256(name).substring(0, 8);
        toolNames.put(replaced, name);
        return replaced;
    }

    /** The SHA-256 of {@code text} in hexadecimal digits. */
    public static String sha256(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean isLegal(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> isLegal((char) c));
    }

    private static boolean isLegal(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '-';
    }

    /** A name of the client's as it may stand in a header field. */
    static String printable(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length() && i < LONGEST_NAME; i++) {
            char c = name.charAt(i);
            out.append(isLegal(c) || c == '.' ? c : '?');
        }
        return out.toString();
    }

    /** The name of a JSON schema as OpenAI takes it. */
    public static String schemaName(String name) {
        return isLegal(name) ? name : "response";
    }

    /**
     * The request has something in {@code param} that this upstream cannot be told and that must
     * not be left out.
     */
    public static RuntimeException refused(String param, String why) {
        return Failure.unsupported(param, why).asException();
    }

    /**
     * Calls of the assistant's message {@code index} that nobody has answered although the
     * conversation goes on: clients that were interrupted send some, and vendors refuse them.
     */
    public Set<String> unanswered(int index) {
        Set<String> missing = new LinkedHashSet<>();
        List<Message> messages = request.messages();
        if (index + 1 == messages.size()) {
            return missing;
        }
        for (Block block : messages.get(index).blocks()) {
            if (block instanceof Block.ToolUse call) {
                missing.add(call.id());
            }
        }
        for (int i = index + 1;
                i < messages.size() && messages.get(i).role() != Role.ASSISTANT;
                i++) {
            for (Block block : messages.get(i).blocks()) {
                if (block instanceof Block.ToolResult result) {
                    missing.remove(result.toolUseId());
                }
            }
        }
        return missing;
    }

    /** The text of a result that is an error, where the dialect has no other place to say so. */
    public static String errorText(String text) {
        return isJson(text) ? text : "Error: " + text;
    }

    private static boolean isJson(String text) {
        if (!text.stripLeading().startsWith("{") && !text.stripLeading().startsWith("[")) {
            return false;
        }
        try {
            Raw.of(text);
            return true;
        } catch (MalformedJson plainText) {
            return false;
        }
    }
}
