package dev.turntable.app;

import dev.turntable.app.cli.Commands;
import java.util.HashMap;
import java.util.Map;

/** Where the process begins: hands the words of the command line to the command table and ends with its exit code. */
public final class Main {
    private static final String SAVED_LOCALE = "TURNTABLE_LOCALE";
    private static final String LOCALE = "LC_ALL";

    private Main() {}

    /** The environment as it was before the launcher gave the JVM a locale of its own (image/launcher.sh). */
    static Map<String, String> environment(Map<String, String> ours) {
        Map<String, String> before = new HashMap<>(ours);
        String saved = before.remove(SAVED_LOCALE);
        if (saved != null) {
            before.remove(LOCALE);
            if (saved.startsWith(LOCALE + "=")) {
                before.put(LOCALE, saved.substring(LOCALE.length() + 1));
            }
        }
        return before;
    }

    public static void main(String[] args) {
        int code = Commands.standard(System.out, System.err, environment(System.getenv()))
                .run(args);
        // Not Runtime.halt: the shutdown hooks close what is open.
        System.exit(code);
    }
}
