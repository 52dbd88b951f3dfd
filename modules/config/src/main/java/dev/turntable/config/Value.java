package dev.turntable.config;

import dev.turntable.config.compat.Numbers;
import dev.turntable.config.printing.Json;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A free-form value of the file ({@code metadata}, {@code setParams}), with its YAML type and the order of its keys (llama-swap §2.2).
 *
 * <p>Dates are text in RFC 3339, keys are always text, numbers are never infinite.
 */
public sealed interface Value {
    /** A text, or a date as text. */
    record Text(String text) implements Value {}

    /** A whole number between -2^63 and 2^64-1. */
    record Whole(BigInteger number) implements Value {
        public static Whole of(long number) {
            return new Whole(BigInteger.valueOf(number));
        }
    }

    /** A number with a fraction or an exponent; finite wherever it leaves this room. */
    record Decimal(double number) implements Value {}

    record Bool(boolean yes) implements Value {}

    /** An explicit or implied null. */
    record Nothing() implements Value {}

    record Items(List<Value> items) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A mapping, in the order of the file. */
    record Fields(SequencedMap<String, Value> fields) implements Value {
        public static final Fields EMPTY = new Fields(new LinkedHashMap<>());

        public Fields {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        public boolean isEmpty() {
            return fields.isEmpty();
        }

        public Map<String, Value> asMap() {
            return fields;
        }
    }

    /** The value as JSON text, numbers in their shortest form ({@code 0.70} is {@code 0.7}, {@code 1e3} is {@code 1000}). */
    default String toJson() {
        return Json.of(this);
    }

    /** The value as a filter writes it into a request: like {@link #toJson} but a lone number never has an exponent (llama-swap §13.10). */
    default String toParameterJson() {
        return this instanceof Decimal d ? Numbers.plain(d.number()) : toJson();
    }
}
