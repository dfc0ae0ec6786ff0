package dev.sluice.cli;

import dev.sluice.gateway.config.Listen;

/** The address to listen on cannot be had; the message says why and what to do. */
final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CannotListen(String message, Throwable cause) {
        super(message, cause);
    }

    static CannotListen of(Listen listen, RuntimeException failed) {
        String where = listen.host() + ":" + listen.port();
        String why = causes(failed);
        if (why.contains("already in use")) {
            return new CannotListen(
                    "port "
                            + listen.port()
                            + " of "
                            + listen.host()
                            + " is taken by another program (lsof -i :"
                            + listen.port()
                            + " says which); stop it, or take another with --port",
                    failed);
        }
        if (why.contains("ermission denied")) {
            return new CannotListen(
                    "this user may not listen on "
                            + where
                            + "; ports from 1024 are for everybody: --port 8080",
                    failed);
        }
        if (why.contains("annot assign requested address") || why.contains("UnknownHost")) {
            return new CannotListen(
                    listen.host() + " is no address of this machine; --host 127.0.0.1 is", failed);
        }
        return new CannotListen("cannot listen on " + where + " (" + why.strip() + ")", failed);
    }

    private static String causes(Throwable failed) {
        StringBuilder causes = new StringBuilder();
        for (Throwable t = failed; t != null; t = t.getCause()) {
            causes.append(t).append(' ');
        }
        return causes.toString();
    }
}
