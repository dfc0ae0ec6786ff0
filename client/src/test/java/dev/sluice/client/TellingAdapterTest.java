package dev.sluice.client;

/** The provider that the tests of streams use keeps to what they assume of providers. */
class TellingAdapterTest extends ProviderContract {
    private final Local local = Local.endless();

    @Override
    Adapter adapter() {
        return local.model().story("brief", Told.message("a", "b"));
    }

    @Override
    String briefModel() {
        return "brief";
    }

    @Override
    String lengthyModel() {
        return "fake";
    }
}
