package dev.turntable.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A switchable set of renamings (llama-swap §2.10).
 *
 * @param pins requested name to target, sorted by name; an empty target makes the name unusable
 */
public record Profile(String id, String description, SequencedMap<String, String> pins) {
    public Profile {
        pins = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(pins));
    }
}
