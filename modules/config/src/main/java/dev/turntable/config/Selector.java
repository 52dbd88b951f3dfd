package dev.turntable.config;

import java.util.List;

/**
 * A name that stands for one of several targets (llama-swap §2.11).
 *
 * @param targets model ids, aliases or peer names as written
 * @param spillover requests a target takes before the next one is used
 */
public record Selector(
        String id,
        Strategy strategy,
        List<String> targets,
        long spillover,
        String name,
        String description,
        boolean unlisted,
        Value.Fields metadata) {
    public Selector {
        targets = List.copyOf(targets);
    }

    /** How a target is chosen. */
    public enum Strategy {
        WARM,
        PIN,
        SPILLOVER;

        /** The word in the file and in listings. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
