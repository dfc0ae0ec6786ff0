import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/**
 * java tools/TestReport.java DIR...
 *
 * <p>Sums up Surefire's reports in those folders: what failed and why, what was skipped and why,
 * and the totals in Surefire's own words as the last line. Exits with 1 when a test failed.
 */
class TestReport {
    private static final int MOST_SHOWN = 40;
    private static final int TRACE_LINES = 16;

    private int run;
    private int failures;
    private int errors;
    private int skipped;
    private final List<String> broken = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    /** Adds the reports of one module; a module without tests has none. */
    void read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
            DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            for (Path file : files) {
                read(parser.parse(file.toFile()).getDocumentElement());
            }
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("unreadable report in " + directory, e);
        }
    }

    /** How many tests there were. */
    int run() {
        return run;
    }

    private void read(Element suite) {
        run += number(suite, "tests");
        failures += number(suite, "failures");
        errors += number(suite, "errors");
        skipped += number(suite, "skipped");
        for (Element test : children(suite, "testcase")) {
            String name = name(test);
            for (Element cause : children(test, "failure")) {
                broken.add(name + "\n" + trace(cause));
            }
            for (Element cause : children(test, "error")) {
                broken.add(name + "\n" + trace(cause));
            }
            for (Element cause : children(test, "skipped")) {
                String why = cause.getAttribute("message");
                left.add(name + ": " + (why.isBlank() ? "no reason given" : why.strip()));
            }
        }
    }

    /** Prints what failed and what was skipped, and why. */
    void printCauses() {
        broken.stream().sorted().limit(MOST_SHOWN).forEach(b -> System.out.println("FAILED " + b));
        if (broken.size() > MOST_SHOWN) {
            System.out.println("... and " + (broken.size() - MOST_SHOWN) + " more failed\n");
        }
        left.stream().sorted().forEach(s -> System.out.println("skipped " + s));
    }

    /** Prints the totals in Surefire's own words. */
    void printTotals() {
        System.out.println("\nResults:\n");
        System.out.printf(
                "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d%n",
                run, failures, errors, skipped);
    }

    private static String name(Element test) {
        String type = test.getAttribute("classname");
        String method = test.getAttribute("name");
        return method.isEmpty() ? type : type + "." + method;
    }

    private static String trace(Element cause) {
        List<String> lines = cause.getTextContent().strip().lines().toList();
        var text = new StringBuilder();
        if (lines.isEmpty()) {
            text.append("    ").append(cause.getAttribute("message")).append('\n');
        }
        lines.stream()
                .limit(TRACE_LINES)
                .forEach(line -> text.append("    ").append(line).append('\n'));
        if (lines.size() > TRACE_LINES) {
            text.append("    ...\n");
        }
        return text.toString();
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e && e.getTagName().equals(name)) {
                found.add(e);
            }
        }
        return found;
    }
}
