package dev.turntable.fsm;

import dev.turntable.event.Flat;
import dev.turntable.event.WireName;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * SHA-256 over a canonical form of records: every value with its kind and length before it, components in their order, names nowhere but
 * where a choice was made ({@link WireName}), so that renaming a class changes no hash.
 */
final class StateHash {
    private static final int NUMBER = 1 + Long.BYTES;

    /** Looked up once for each class: finding the components anew took most of the time of a hash. */
    private static final ClassValue<Form> FORMS = new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
            return Form.of(type);
        }
    };

    private final MessageDigest digest;
    private final byte[] pending = new byte[512];
    private int filled;

    /**
     * What a record feeds.
     *
     * @param choice its {@link WireName}, where it is one of several
     * @param accessors of each component, one after the other
     */
    private record Form(Optional<String> choice, Method[][] accessors) {
        static Form of(Class<?> type) {
            return new Form(
                    Optional.ofNullable(type.getAnnotation(WireName.class)).map(WireName::value),
                    components(type).toArray(Method[][]::new));
        }

        /** The way to each component; through the record that holds it where that is {@link Flat}. */
        private static Stream<Method[]> components(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .flatMap(outer -> outer.isAnnotationPresent(Flat.class)
                            ? Arrays.stream(outer.getType().getRecordComponents())
                                    .map(inner -> new Method[] {outer.getAccessor(), inner.getAccessor()})
                            : Stream.<Method[]>of(new Method[] {outer.getAccessor()}));
        }
    }

    private StateHash(MessageDigest digest) {
        this.digest = digest;
    }

    static String of(Record value) {
        try {
            StateHash hash = new StateHash(MessageDigest.getInstance("SHA-256"));
            hash.feed(value);
            hash.flush();
            return HexFormat.of().formatHex(hash.digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new FsmException("every Java platform has SHA-256: " + e.getMessage());
        }
    }

    private void feed(Object value) {
        switch (value) {
            case String s -> {
                byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
                number('s', utf8.length);
                flush();
                digest.update(utf8);
            }
            case Long n -> number('n', n);
            case Integer n -> number('n', n);
            case Boolean b -> number('b', b ? 1 : 0);
            case Duration d -> number('d', d.toNanos());
            case Instant t -> {
                number('t', t.getEpochSecond());
                number('t', t.getNano());
            }
            case Enum<?> e -> number('e', e.ordinal());
            case OptionalInt o -> feed(o.isPresent() ? Optional.of(o.getAsInt()) : Optional.empty());
            case Optional<?> o -> {
                number('o', o.isPresent() ? 1 : 0);
                o.ifPresent(this::feed);
            }
            case List<?> list -> {
                number('l', list.size());
                list.forEach(this::feed);
            }
            case Record record -> feedRecord(record);
            default -> throw new FsmException("no canonical form for " + value.getClass());
        }
    }

    private void feedRecord(Record record) {
        Form form = FORMS.get(record.getClass());
        form.choice().ifPresent(this::feed);
        number('r', form.accessors().length);
        for (Method[] way : form.accessors()) {
            Object value = record;
            for (Method accessor : way) {
                value = get(accessor, value);
            }
            feed(value);
        }
    }

    private static Object get(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new FsmException(accessor + " cannot be called: " + e);
        }
    }

    private void number(char kind, long value) {
        if (filled + NUMBER > pending.length) {
            flush();
        }
        pending[filled++] = (byte) kind;
        for (int shift = 56; shift >= 0; shift -= 8) {
            pending[filled++] = (byte) (value >>> shift);
        }
    }

    private void flush() {
        digest.update(pending, 0, filled);
        filled = 0;
    }
}
