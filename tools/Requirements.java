import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * java tools/Requirements.java check|fix
 *
 * <p>Writes docs/requirements.md: each sentence of tools/requirements.txt with the tests that carry
 * its number as a tag, on the method or on a class around it. With "check" it writes nothing and
 * exits with 1 when the file is not what it would write. A disabled test shows nothing. A number
 * that has no sentence, or stands on what is no test, is an error.
 */
class Requirements {
    private static final Path SENTENCES = Path.of("tools/requirements.txt");
    private static final Path DOCUMENT = Path.of("docs/requirements.md");
    private static final Pattern NUMBER = Pattern.compile("[RS][0-9]+");

    /**
     * The annotations that make a method a test: the runner's, and those of our own that bear one
     * of them.
     */
    private final Set<String> testAnnotations =
            new HashSet<>(
                    Set.of(
                            "Test",
                            "ParameterizedTest",
                            "RepeatedTest",
                            "TestFactory",
                            "TestTemplate"));

    /** The tests of one class that show one sentence. */
    private record Shown(Path file, String type) implements Comparable<Shown> {
        @Override
        public int compareTo(Shown other) {
            int order = type.compareTo(other.type);
            return order != 0 ? order : file.compareTo(other.file);
        }
    }

    private final Map<String, Map<Shown, Set<String>>> shown = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();

    private final Path root;

    Requirements(Path root) {
        this.root = root;
    }

    static void main(String[] args) throws IOException {
        if (args.length != 1 || !Set.of("check", "fix").contains(args[0])) {
            System.err.println("usage: java tools/Requirements.java check|fix");
            System.exit(2);
        }
        System.exit(new Requirements(Path.of("").toAbsolutePath()).run(args[0]) ? 0 : 1);
    }

    /**
     * Checks or fixes the document of this repository; false when something is wrong, which stderr
     * then says.
     */
    boolean run(String mode) throws IOException {
        scan();
        String document = document(Files.readAllLines(root.resolve(SENTENCES)));
        Path file = root.resolve(DOCUMENT);
        if (mode.equals("fix") && errors.isEmpty()) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, document);
        } else if (errors.isEmpty() && !document.equals(read(file))) {
            errors.add(DOCUMENT + " is not what the tests say: ./check --fix");
        }
        errors.forEach(error -> System.err.println("requirements: " + error));
        return errors.isEmpty();
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).replace("\r\n", "\n") : "";
    }

    // Contracts that tests inherit live in the main sources of testkit.
    private void scan() throws IOException {
        List<Path> roots = new ArrayList<>(List.of(root.resolve("testkit/src/main/java")));
        try (Stream<Path> modules = Files.list(root)) {
            modules.map(m -> m.resolve("src/test/java")).forEach(roots::add);
        }
        List<Path> files = new ArrayList<>();
        for (Path directory : roots) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> sources = Files.walk(directory)) {
                    sources.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        if (files.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            units.forEach(this::ownTestAnnotations);
            for (CompilationUnitTree unit : units) {
                new Tags(root.relativize(Path.of(unit.getSourceFile().toUri()))).scan(unit, null);
            }
        }
    }

    private static String name(AnnotationTree annotation) {
        String name = annotation.getAnnotationType().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private void ownTestAnnotations(CompilationUnitTree unit) {
        for (var declared : unit.getTypeDecls()) {
            if (declared instanceof ClassTree type
                    && type.getKind() == Tree.Kind.ANNOTATION_TYPE
                    && type.getModifiers().getAnnotations().stream()
                            .anyMatch(a -> testAnnotations.contains(name(a)))) {
                testAnnotations.add(type.getSimpleName().toString());
            }
        }
    }

    /** Collects the numbers of one file. */
    private final class Tags extends TreeScanner<Void, Void> {
        private final Path file;
        private final Deque<ClassTree> around = new ArrayDeque<>();
        private int tests;

        Tags(Path file) {
            this.file = file;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            around.addLast(type);
            int before = tests;
            super.visitClass(type, nothing);
            if (tests == before) {
                withoutTests(type);
            }
            around.removeLast();
            return null;
        }

        // A class may be tagged for the tests that it inherits.
        private void withoutTests(ClassTree type) {
            List<? extends AnnotationTree> annotations = type.getModifiers().getAnnotations();
            Set<String> numbers = numbers(annotations);
            if (numbers.isEmpty()) {
                return;
            }
            if (type.getExtendsClause() == null) {
                errors.add(
                        file + ": " + type.getSimpleName() + " has " + numbers + " and no tests");
            } else if (around.stream()
                    .noneMatch(t -> disabled(t.getModifiers().getAnnotations()))) {
                numbers.forEach(this::found);
            }
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            List<? extends AnnotationTree> annotations = method.getModifiers().getAnnotations();
            boolean test = annotations.stream().anyMatch(a -> testAnnotations.contains(name(a)));
            Set<String> numbers = numbers(annotations);
            if (!test && !numbers.isEmpty()) {
                errors.add(file + ": " + method.getName() + " has " + numbers + " and is no test");
            }
            boolean disabled = disabled(annotations);
            for (ClassTree type : around) {
                List<? extends AnnotationTree> ofType = type.getModifiers().getAnnotations();
                numbers.addAll(numbers(ofType));
                disabled |= disabled(ofType);
            }
            if (test) {
                tests++;
            }
            if (test && !disabled) {
                numbers.forEach(number -> found(number).add(method.getName().toString()));
            }
            return super.visitMethod(method, nothing);
        }

        private Set<String> found(String number) {
            String type =
                    around.stream()
                            .map(c -> c.getSimpleName().toString())
                            .collect(Collectors.joining("."));
            return shown.computeIfAbsent(number, n -> new TreeMap<>())
                    .computeIfAbsent(new Shown(file, type), s -> new TreeSet<>());
        }

        private boolean disabled(List<? extends AnnotationTree> annotations) {
            return annotations.stream().anyMatch(a -> name(a).equals("Disabled"));
        }

        private Set<String> numbers(List<? extends AnnotationTree> annotations) {
            Set<String> found = new TreeSet<>();
            for (AnnotationTree annotation : annotations) {
                if (name(annotation).equals("Tag") || name(annotation).equals("Tags")) {
                    annotation.getArguments().forEach(a -> collect(a, found));
                }
            }
            return found;
        }

        private void collect(ExpressionTree value, Set<String> found) {
            switch (value) {
                case AssignmentTree a -> collect(a.getExpression(), found);
                case NewArrayTree a -> a.getInitializers().forEach(i -> collect(i, found));
                case AnnotationTree a -> a.getArguments().forEach(i -> collect(i, found));
                case LiteralTree l -> {
                    if (NUMBER.matcher(l.getValue().toString()).matches()) {
                        found.add(l.getValue().toString());
                    }
                }
                default -> errors.add(file + ": a tag must be a literal, not " + value);
            }
        }
    }

    private String document(List<String> lines) {
        var body = new StringBuilder();
        Set<String> known = new TreeSet<>();
        int open = 0;
        for (String line : lines) {
            if (line.startsWith("# ")) {
                body.append("\n#").append(line).append("\n\n");
            } else if (!line.isBlank()) {
                String number = line.substring(0, line.indexOf(' '));
                if (!NUMBER.matcher(number).matches() || !known.add(number)) {
                    errors.add(SENTENCES + ": " + number + " (expected: R1, S1, ..., each once)");
                }
                body.append("- **")
                        .append(number)
                        .append("**")
                        .append(line.substring(number.length()));
                body.append('\n');
                if (shown.containsKey(number)) {
                    shown.get(number).forEach((where, tests) -> body.append(entry(where, tests)));
                } else {
                    open++;
                    body.append("  - *open*\n");
                }
            }
        }
        for (String number : shown.keySet()) {
            if (!known.contains(number)) {
                errors.add(
                        number
                                + " is tagged in "
                                + shown.get(number).keySet().stream().map(Shown::type).toList()
                                + " and unknown");
            }
        }
        return """
        # What the tests show

        Generated from the tags of the tests by tools/Requirements.java; do not edit. Each line is one behaviour that a streaming
        gateway must survive, with the tests that show it. What no test shows is open.

        %d of %d are shown.
        """
                        .formatted(known.size() - open, known.size())
                + body;
    }

    private static String entry(Shown where, Set<String> tests) {
        String path = where.file().toString().replace('\\', '/');
        return "  - ["
                + where.type()
                + "](../"
                + path
                + ")"
                + (tests.isEmpty() ? "" : ": ")
                + String.join(", ", tests)
                + "\n";
    }
}
