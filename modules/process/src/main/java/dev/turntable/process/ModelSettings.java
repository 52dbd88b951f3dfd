package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.ModelId;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The settings in force, asked at the moment of an order. */
public interface ModelSettings {
    /** Those of a model; empty when it is not configured any more. */
    Optional<ModelConfig> of(ModelId model);

    /**
     * The same model with another port in the place of {@code ${PORT}}, one that is free, because something else listens at the one it had;
     * empty when it has no such port, or there is no other.
     */
    default Optional<ModelConfig> moved(ModelId model, IntPredicate isFree) {
        return Optional.empty();
    }
}
