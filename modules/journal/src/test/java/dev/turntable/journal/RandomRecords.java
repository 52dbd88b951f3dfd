package dev.turntable.journal;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Draws random values of any record type from a seeded source, edge values included. */
final class RandomRecords {
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "qwen2.5-7b",
            "\"quoted\\\"",
            "line\nbreak\ttab\0nul",
            "äöü 模型 🚂",
            "#",
            "a#7",
            "\u2028",
            "x".repeat(300));
    private static final int DEEPEST = 4;

    private final RandomGenerator random;

    RandomRecords(RandomGenerator random) {
        this.random = random;
    }

    <T> T next(Class<T> type) {
        return type.cast(value(type, 0));
    }

    /** Every record below a sealed interface. */
    static List<Class<?>> leaves(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(c -> c.isSealed() ? leaves(c).stream() : java.util.stream.Stream.of(c))
                .toList();
    }

    private Object value(Type type, int depth) {
        return switch (type) {
            case Class<?> c -> ofClass(c, depth);
            case ParameterizedType p
            when p.getRawType() == Optional.class ->
                random.nextBoolean() ? Optional.empty() : Optional.of(value(p.getActualTypeArguments()[0], depth + 1));
            case ParameterizedType p
            when p.getRawType() == List.class -> {
                List<Object> items = new ArrayList<>();
                for (int i = depth > DEEPEST ? 0 : random.nextInt(4); i > 0; i--) {
                    items.add(value(p.getActualTypeArguments()[0], depth + 1));
                }
                yield items;
            }
            default -> throw new IllegalArgumentException("don't know how to draw a " + type);
        };
    }

    private Object ofClass(Class<?> type, int depth) {
        if (type == String.class) {
            return TEXTS.get(random.nextInt(TEXTS.size()));
        } else if (type == int.class) {
            return pick(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, random.nextInt());
        } else if (type == long.class) {
            return pick(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong());
        } else if (type == double.class) {
            return pick(0.0, -1.0, 12.5, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, random.nextDouble());
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == Duration.class) {
            return pick(
                    Duration.ZERO,
                    Duration.ofNanos(-1),
                    Duration.ofNanos(1234567),
                    Duration.ofDays(400),
                    Duration.ofNanos(random.nextLong()));
        } else if (type == Instant.class) {
            return pick(
                    Instant.EPOCH,
                    Instant.ofEpochSecond(random.nextLong(1L << 34), random.nextInt(1_000_000_000)),
                    Instant.parse("2026-09-01T10:00:00.123456Z"));
        } else if (type == OptionalInt.class) {
            return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt());
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isSealed()) {
            List<Class<?>> leaves = leaves(type);
            return value(leaves.get(depth > DEEPEST ? 0 : random.nextInt(leaves.size())), depth + 1);
        } else if (type.isRecord()) {
            return ofRecord(type, depth);
        }
        throw new IllegalArgumentException("don't know how to draw a " + type);
    }

    private Object ofRecord(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(Arrays.stream(components)
                    .map(c -> value(c.getGenericType(), depth + 1))
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot draw a " + type, e);
        }
    }

    private Object pick(Object... values) {
        return values[random.nextInt(values.length)];
    }
}
