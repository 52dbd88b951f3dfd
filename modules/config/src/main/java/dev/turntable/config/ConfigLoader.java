package dev.turntable.config;

/** Reads, checks and decodes a configuration, in the order of llama-swap's own checks (§2.13). */
public final class ConfigLoader {
    private ConfigLoader() {}

    /** Never throws for anything that a file or folder may hold. */
    public static LoadResult load(ConfigSources sources, LoadOptions options) {
        throw new ConfigException("not built yet");
    }
}
