package dev.turntable.config.loading;

import java.util.List;
import java.util.Map;

/**
 * What a load needs from outside.
 *
 * @param environment for {@code ${env.NAME}}
 * @param keptPorts model id to the port its running process already has; a reload gives it the same number again and nobody else. Without kept
 *     ports the assignment is exactly llama-swap's
 * @param changes made to what the files say, in this order
 */
public record LoadOptions(Map<String, String> environment, Map<String, Integer> keptPorts, List<Change> changes) {
    public LoadOptions {
        environment = Map.copyOf(environment);
        keptPorts = Map.copyOf(keptPorts);
        changes = List.copyOf(changes);
    }

    public LoadOptions(Map<String, String> environment, Map<String, Integer> keptPorts) {
        this(environment, keptPorts, List.of());
    }

    /** A key, as {@code models.qwen.ttl}, and the YAML of its value. */
    public record Change(String key, String value) {}

    public LoadOptions withChanges(List<Change> made) {
        return new LoadOptions(environment, keptPorts, made);
    }

    public static LoadOptions of(Map<String, String> environment) {
        return new LoadOptions(environment, Map.of());
    }

    /** The variables' names only: their values are nobody's business. */
    @Override
    public String toString() {
        return "LoadOptions[" + environment.keySet() + ", " + keptPorts + ", " + changes + "]";
    }
}
