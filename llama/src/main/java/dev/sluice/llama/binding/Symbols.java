package dev.sluice.llama.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The functions of some libraries by name. Functions are renamed between releases, so each is asked
 * for by all names that it ever had.
 */
@SuppressWarnings("restricted") // This package is the border to native code.
final class Symbols {
    private final Linker linker = Linker.nativeLinker();
    private final List<SymbolLookup> libraries = new ArrayList<>();

    /** Opens the libraries, those that others need first; they stay open. */
    Symbols(List<Path> files) {
        for (Path file : files) {
            try {
                libraries.add(SymbolLookup.libraryLookup(file, Arena.global()));
            } catch (IllegalArgumentException refused) {
                throw new LibraryUnusable(
                        "the system cannot open "
                                + file
                                + ", which is for another kind of machine or needs what is not"
                                + " here",
                        refused);
            } catch (IllegalCallerException denied) {
                throw new LibraryUnusable(
                        "this JVM may not call libllama; start it with --enable-native-access="
                                + caller(Symbols.class.getModule()),
                        denied);
            }
        }
    }

    private static String caller(Module module) {
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    /** The function that has one of {@code names}. */
    MethodHandle function(FunctionDescriptor descriptor, String... names) {
        return find(descriptor, names)
                .orElseThrow(
                        () ->
                                new LibraryUnusable(
                                        "libllama has no function "
                                                + String.join(" or ", names)
                                                + ": it is of a release that is not known here"));
    }

    /** The function at {@code address}. */
    MethodHandle function(MemorySegment address, FunctionDescriptor descriptor) {
        return linker.downcallHandle(address, descriptor);
    }

    /** The function that has one of {@code names}, if there is one. */
    Optional<MethodHandle> find(FunctionDescriptor descriptor, String... names) {
        for (String name : names) {
            for (SymbolLookup library : libraries) {
                Optional<MemorySegment> address = library.find(name);
                if (address.isPresent()) {
                    return Optional.of(linker.downcallHandle(address.get(), descriptor));
                }
            }
        }
        return Optional.empty();
    }
}
