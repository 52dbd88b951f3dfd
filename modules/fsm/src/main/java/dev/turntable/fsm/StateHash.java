package dev.turntable.fsm;

import dev.turntable.event.WireName;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * SHA-256 over a canonical form of records: every value with its kind and length before it, components in their order, names nowhere but
 * where a choice was made ({@link WireName}), so that renaming a class changes no hash.
 */
final class StateHash {
    private final MessageDigest digest;

    private StateHash(MessageDigest digest) {
        this.digest = digest;
    }

    static String of(Record value) {
        try {
            StateHash hash = new StateHash(MessageDigest.getInstance("SHA-256"));
            hash.feed(value);
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
        WireName choice = record.getClass().getAnnotation(WireName.class);
        if (choice != null) {
            feed(choice.value());
        }
        RecordComponent[] components = record.getClass().getRecordComponents();
        number('r', components.length);
        for (RecordComponent component : components) {
            try {
                feed(component.getAccessor().invoke(record));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new FsmException(component + " cannot be read: " + e);
            }
        }
    }

    private void number(char kind, long value) {
        digest.update((byte) kind);
        for (int shift = 56; shift >= 0; shift -= 8) {
            digest.update((byte) (value >>> shift));
        }
    }
}
