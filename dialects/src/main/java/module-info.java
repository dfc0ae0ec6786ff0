/**
 * The wire formats, each found by its name; how one is spoken is nobody's business outside of it.
 */
module dev.sluice.dialect {
    requires transitive dev.sluice.core;
    requires static org.jspecify;

    exports dev.sluice.dialect;
}
