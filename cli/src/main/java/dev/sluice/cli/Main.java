package dev.sluice.cli;

/** The command {@code sluice}. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name. */
    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals("--version")) {
            System.out.println("sluice 0.1.0-SNAPSHOT");
            return;
        }
        System.err.println("usage: sluice --version");
        System.exit(2);
    }
}
