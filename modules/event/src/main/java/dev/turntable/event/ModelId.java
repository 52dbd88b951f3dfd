package dev.turntable.event;

import java.util.Objects;

/** The name of a local model: its key under {@code models:} in the configuration, never an alias. */
public record ModelId(String value) implements Comparable<ModelId> {
    public ModelId {
        Objects.requireNonNull(value);
    }

    @Override
    public int compareTo(ModelId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
