import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that the variable PATH leads to. */
final class OnPath {
    private OnPath() {}

    /** The files called {@code name} that can be executed, in the order in which a shell looks. */
    static List<Path> programs(String name) {
        List<Path> found = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            try {
                // Windows allows quotation marks around a folder.
                Path program = Path.of(folder.replace("\"", ""), name);
                if (Files.isExecutable(program)) {
                    found.add(program);
                }
            } catch (InvalidPathException none) {
                // Shells pass it over too.
            }
        }
        return found;
    }
}
