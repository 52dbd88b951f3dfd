package dev.turntable.process;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes the values of environment variables that may be secret out of what a child printed, and puts the variable's name in their place.
 *
 * <p>A variable whose name sounds secret is one, wherever it was set; of those set for the model, every one whose value is long and no
 * path, for a person may call his token as he likes.
 */
final class Secrets {
    private static final Pattern TELLING_NAME =
            Pattern.compile("(?i).*(KEY|TOKEN|SECRET|PASS|_PWD|CREDENTIAL|AUTH(?!OR|_SOCK)|PRIVATE|BEARER).*");
    private static final int SHORTEST = 4;
    private static final int SHORTEST_OF_ANY_NAME = 8;

    private final Map<String, String> names = new HashMap<>(); // by value

    /**
     * @param inherited variables of this server
     * @param own the model's {@code K=V} entries
     */
    Secrets(Map<String, String> inherited, List<String> own) {
        inherited.forEach((name, value) -> {
            if (isTelling(name, value)) {
                names.put(value, name);
            }
        });
        for (String entry : own) {
            int equals = entry.indexOf('=');
            String name = entry.substring(0, Math.max(equals, 0));
            String value = entry.substring(equals + 1);
            if (isTelling(name, value) || value.length() >= SHORTEST_OF_ANY_NAME && !value.contains("/")) {
                names.put(value, name);
            }
        }
    }

    private static boolean isTelling(String name, String value) {
        return value.length() >= SHORTEST && TELLING_NAME.matcher(name).matches();
    }

    String mask(String text) {
        String masked = text;
        for (String value : names.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            masked = masked.replace(value, "${env." + names.get(value) + "}");
        }
        return masked;
    }
}
