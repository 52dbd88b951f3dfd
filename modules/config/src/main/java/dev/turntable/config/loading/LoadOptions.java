package dev.turntable.config.loading;

import java.util.Map;

/**
 * What a load needs from outside.
 *
 * @param environment for {@code ${env.NAME}}
 * @param keptPorts model id to the port its running process already has; a reload gives it the same number again and nobody else. Without kept
 *     ports the assignment is exactly llama-swap's
 */
public record LoadOptions(Map<String, String> environment, Map<String, Integer> keptPorts) {
    public LoadOptions {
        environment = Map.copyOf(environment);
        keptPorts = Map.copyOf(keptPorts);
    }

    public static LoadOptions of(Map<String, String> environment) {
        return new LoadOptions(environment, Map.of());
    }

    /** The variables' names only: their values are nobody's business. */
    @Override
    public String toString() {
        return "LoadOptions[" + environment.keySet() + ", " + keptPorts + "]";
    }
}
