package dev.turntable.config;

import java.util.List;
import java.util.Optional;

/**
 * Another server whose models are reachable through this one (llama-swap §2.12).
 *
 * @param models its model names in the order of the file, duplicates kept
 */
public record Peer(
        String id,
        UpstreamUrl proxy,
        Optional<Secret> apiKey,
        List<String> models,
        Filters filters,
        Timeouts timeouts) {
    public Peer {
        models = List.copyOf(models);
    }

    /** One model of one peer. */
    public record Model(String peer, String model) {
        /** {@code peer/model}, the name that is always unique. */
        public String qualifiedName() {
            return peer + "/" + model;
        }
    }
}
