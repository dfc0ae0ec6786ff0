package dev.sluice.core.failure;

/** Whose fault a failure is. */
public enum Fault {
    /** The client asked for something that cannot be done, or went away. */
    CLIENT,
    /** A rule of this gateway refused. */
    POLICY,
    /** The model server failed, refused or fell silent. */
    UPSTREAM,
    /** This gateway failed. */
    GATEWAY
}
