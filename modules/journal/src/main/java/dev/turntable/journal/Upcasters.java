package dev.turntable.journal;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Steps that raise an old version of an event to the next one, on its JSON, so that every journal ever written stays readable.
 *
 * <p>A step gets the event's fields (maps, lists, strings, numbers, booleans) without {@code type} and {@code v} and returns those of the
 * next version. Steps are applied one after the other until the current version is reached. Immutable.
 */
public final class Upcasters {
    private static final Upcasters NONE = new Upcasters(Map.of());

    private record Key(String type, int version) {}

    private record Step(String newType, UnaryOperator<Map<String, Object>> change) {}

    private final Map<Key, Step> steps;

    private Upcasters(Map<Key, Step> steps) {
        this.steps = steps;
    }

    /** No steps: only current versions are read. */
    public static Upcasters none() {
        return NONE;
    }

    /** From every version of an event that was ever written to the one of today. */
    static Upcasters ofEvents() {
        return NONE.with("process.exited", 1, Upcasters::withoutUnknownCode);
    }

    /** A code that nobody knew was written as -1. */
    private static Map<String, Object> withoutUnknownCode(Map<String, Object> exited) {
        exited.remove("code", -1);
        return exited;
    }

    /** The same steps, and one from {@code version} of the type to the next. */
    public Upcasters with(String type, int version, UnaryOperator<Map<String, Object>> change) {
        return with(type, version, type, change);
    }

    /** The same steps, and one from {@code version} of the type to the next, which has another name. */
    public Upcasters with(String type, int version, String newType, UnaryOperator<Map<String, Object>> change) {
        Map<Key, Step> more = new HashMap<>(steps);
        if (more.put(new Key(type, version), new Step(newType, change)) != null) {
            throw new IllegalArgumentException("two steps from version " + version + " of " + type);
        }
        return new Upcasters(Map.copyOf(more));
    }

    /** An event in the version it was raised to. */
    record Old(String type, int version, Map<String, Object> fields) {}

    /** Reads the fields of an event once it is known that a step wants them. */
    interface Source {
        Map<String, Object> read() throws IOException;
    }

    /** The event raised as far as there are steps; empty if there is none. */
    Optional<Old> raise(String type, int version, Source source) throws IOException {
        Step step = steps.get(new Key(type, version));
        if (step == null) {
            return Optional.empty();
        }
        Old old = new Old(type, version, source.read());
        while (step != null) {
            old = new Old(step.newType(), old.version() + 1, step.change().apply(old.fields()));
            step = steps.get(new Key(old.type(), old.version()));
        }
        return Optional.of(old);
    }
}
