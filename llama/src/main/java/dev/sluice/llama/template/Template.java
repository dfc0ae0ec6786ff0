package dev.sluice.llama.template;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A chat template: read once for a model, rendered for each request. It is the part of Jinja that
 * chat templates are written in, with the settings that they are written for: line ends behind
 * blocks and spaces before them are dropped, loops know {@code break} and {@code continue}, and
 * there are {@code raise_exception} and {@code strftime_now}.
 *
 * <p>A template is data from a file of somebody else's. It can compute text from its variables and
 * nothing else; how long it may work and how much it may write is limited.
 *
 * <p>What it does not do: {@code include}, {@code import}, {@code extends}, recursive loops, {@code
 * do}, changing lists and dictionaries. Those are errors that say so.
 */
public final class Template {
    private final String source;
    private final List<Statement> statements;
    private final Set<String> names;

    private Template(String source, List<Statement> statements, Set<String> names) {
        this.source = source;
        this.statements = statements;
        this.names = names;
    }

    /**
     * Reads {@code source}.
     *
     * @throws TemplateException when it is malformed
     */
    public static Template of(String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        String text = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
        Parser parser = new Parser(text);
        return new Template(text, parser.template(), Set.copyOf(parser.names()));
    }

    /** The text that was read. */
    public String source() {
        return source;
    }

    /** Whether {@code name} is a variable, a member or a string somewhere in the template. */
    public boolean mentions(String name) {
        return names.contains(name);
    }

    /**
     * Renders with the present time.
     *
     * @throws TemplateException when it cannot be rendered with {@code variables}
     */
    public String render(Map<String, Value> variables) {
        return render(variables, InstantSource.system(), Limits.DEFAULT);
    }

    /**
     * Renders.
     *
     * @param clock what {@code strftime_now} reads
     * @throws TemplateException when it cannot be rendered with {@code variables}
     */
    public String render(Map<String, Value> variables, InstantSource clock, Limits limits) {
        Budget budget = new Budget(limits);
        Scope globals = new Scope(null);
        Globals.define(globals, budget, clock);
        Scope scope = new Scope(globals);
        variables.forEach(scope::set);
        try {
            return new Renderer(new Evaluator(source, budget)).render(statements, scope);
        } catch (TemplateException error) {
            throw error.placed(source, 0);
        } catch (StackOverflowError _) {
            throw TemplateException.at(source, 0, "the template nests too deep");
        }
    }
}
