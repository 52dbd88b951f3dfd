package dev.turntable.process.linux;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the file behind a program's name by the rules of Go's {@code os/exec}, with its error texts (llama-swap §4.3). */
public final class Executables {
    private Executables() {}

    /** Where a program is, or why it cannot be run. */
    public sealed interface Lookup {
        /** Path to hand to the operating system: absolute, or as written when the name has a slash. */
        record Found(String path) implements Lookup {}

        /** The words of {@code os/exec} for it. */
        record Missing(String error) implements Lookup {}
    }

    /**
     * A name with a slash is taken as it is, relative to the working folder; any other is looked up in {@code searchPath}, where a
     * program found through a relative entry is refused.
     */
    public static Lookup find(String name, String searchPath) {
        if (name.isEmpty()) {
            return new Lookup.Missing("exec: no command");
        }
        if (name.indexOf('/') >= 0) {
            return new Lookup.Found(name);
        }
        if (!name.equals(".") && !name.equals("..") && !searchPath.isEmpty()) {
            for (String entry : searchPath.split(":", -1)) {
                String folder = entry.isEmpty() ? "." : entry;
                if (isProgram(folder + "/" + name)) {
                    return folder.startsWith("/")
                            ? new Lookup.Found(cleaned(folder, name))
                            : missing(name, "cannot run executable found relative to current directory");
                }
            }
        }
        return missing(name, "executable file not found in $PATH");
    }

    private static String cleaned(String folder, String name) {
        return Path.of(folder, name).normalize().toString();
    }

    private static boolean isProgram(String file) {
        try {
            Path path = Path.of(file);
            return !Files.isDirectory(path) && Files.isExecutable(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Lookup missing(String name, String why) {
        return new Lookup.Missing("exec: " + quoted(name) + ": " + why);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7F) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
