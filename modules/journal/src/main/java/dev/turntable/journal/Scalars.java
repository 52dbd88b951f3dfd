package dev.turntable.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Shapes of the types that are one JSON value. */
final class Scalars {
    private static final Map<Class<?>, Shape> BY_TYPE = Map.ofEntries(
            Map.entry(String.class, new Text<>(String.class, s -> s, s -> s)),
            Map.entry(Instant.class, new Text<>(Instant.class, Times::format, Times::parse)),
            Map.entry(int.class, new IntShape()),
            Map.entry(Integer.class, new IntShape()),
            Map.entry(long.class, new LongShape()),
            Map.entry(Long.class, new LongShape()),
            Map.entry(double.class, new DoubleShape()),
            Map.entry(Double.class, new DoubleShape()),
            Map.entry(boolean.class, new BooleanShape()),
            Map.entry(Boolean.class, new BooleanShape()),
            Map.entry(Duration.class, new DurationShape()));

    private Scalars() {}

    static Optional<Shape> of(Class<?> type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /** Constants in lower case. */
    static Shape ofEnum(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        String[] names = new String[constants.length];
        Map<String, Object> byName = new HashMap<>();
        for (Object constant : constants) {
            String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
            names[((Enum<?>) constant).ordinal()] = name;
            byName.put(name, constant);
        }
        return new Text<>(Enum.class, constant -> names[constant.ordinal()], text -> {
            Object constant = byName.get(text);
            if (constant == null) {
                throw new IllegalArgumentException("no such " + type.getSimpleName() + ": " + text);
            }
            return (Enum<?>) constant;
        });
    }

    /** One JSON string. */
    static final class Text<T> extends Shape {
        private final Class<T> type;
        private final Function<T, String> print;
        private final Function<String, ? extends T> parse;

        Text(Class<T> type, Function<T, String> print, Function<String, ? extends T> parse) {
            this.type = type;
            this.print = print;
            this.parse = parse;
        }

        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            out.writeString(toText(value));
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(in, JsonToken.VALUE_STRING, "text");
            try {
                return parse.apply(in.getText());
            } catch (IllegalArgumentException | DateTimeException e) {
                throw unreadable(in, e.getMessage());
            }
        }

        @Override
        boolean isText() {
            return true;
        }

        @Override
        String toText(Object value) {
            return print.apply(type.cast(value));
        }

        @Override
        Object fromText(String text) {
            return parse.apply(text);
        }
    }

    private static final class IntShape extends Shape {
        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            out.writeNumber((int) value);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(in, JsonToken.VALUE_NUMBER_INT, "a whole number");
            return in.getIntValue();
        }
    }

    private static final class LongShape extends Shape {
        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            out.writeNumber((long) value);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(in, JsonToken.VALUE_NUMBER_INT, "a whole number");
            return in.getLongValue();
        }
    }

    /** Infinite values and not-a-number stand as text, because JSON has no numbers for them. */
    private static final class DoubleShape extends Shape {
        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            out.writeNumber((double) value);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_STRING) {
                return switch (in.getText()) {
                    case "NaN" -> Double.NaN;
                    case "Infinity" -> Double.POSITIVE_INFINITY;
                    case "-Infinity" -> Double.NEGATIVE_INFINITY;
                    default -> throw unreadable(in, "expected a number, found text");
                };
            }
            if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                expect(in, JsonToken.VALUE_NUMBER_FLOAT, "a number");
            }
            return in.getDoubleValue();
        }
    }

    private static final class BooleanShape extends Shape {
        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            out.writeBoolean((boolean) value);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            if (in.currentToken() != JsonToken.VALUE_FALSE) {
                expect(in, JsonToken.VALUE_TRUE, "true or false");
            }
            return in.getBooleanValue();
        }
    }

    /** Microseconds. A fraction appears only for a duration finer than that, so that nothing read differs from what was written. */
    private static final class DurationShape extends Shape {
        private static final long SHORT_SECONDS = 1_000_000_000; // as nanoseconds it fits into a long

        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            Duration duration = (Duration) value;
            if (duration.getNano() % 1000 == 0) {
                long micros = Math.multiplyExact(duration.getSeconds(), 1_000_000L);
                out.writeNumber(Math.addExact(micros, duration.getNano() / 1000));
            } else if (duration.isNegative() || duration.getSeconds() > SHORT_SECONDS) {
                out.writeNumber(BigDecimal.valueOf(duration.getSeconds())
                        .movePointRight(6)
                        .add(BigDecimal.valueOf(duration.getNano(), 3)));
            } else {
                out.writeNumber(decimal(duration.toNanos()));
            }
        }

        /** The same digits without the arithmetic: every request has two of these. */
        private static String decimal(long nanos) {
            String fraction = Long.toString(1000 + nanos % 1000);
            return nanos / 1000 + "." + fraction.substring(1);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
                BigDecimal nanos = in.getDecimalValue().movePointRight(3);
                BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
                return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
            }
            expect(in, JsonToken.VALUE_NUMBER_INT, "microseconds");
            long micros = in.getLongValue();
            return Duration.ofSeconds(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
        }
    }
}
