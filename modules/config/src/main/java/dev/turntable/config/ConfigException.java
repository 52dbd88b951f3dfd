package dev.turntable.config;

import dev.turntable.config.loading.LoadResult;

/** A broken rule of this room's own use; a bad file is never one, it is {@link LoadResult.Refused}. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
