package dev.turntable.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Writes graphs of records as JSON and reads them back, the same value always to the same bytes.
 *
 * <ul>
 *   <li>A record is an object with its components in their order, names in snake_case; a {@code @Flat} one's stand among them.
 *   <li>A record with a static {@code parse(String)} is its {@code toString()}; a record of one string named {@code value} is that string.
 *   <li>A choice of a sealed interface begins with {@code "type"}, the name in its {@code @EventType} or {@code @WireName}; a version
 *       above 1 follows as {@code "v"}.
 *   <li>An enum constant is its name in lower case; a {@code Duration} a number of microseconds; an {@code Instant} RFC 3339 text.
 *   <li>An empty {@code Optional}, list, set or map is left out, and read back as empty.
 *   <li>A map needs text-like keys; a plain {@code Map} or {@code Set} is written sorted, a sorted or sequenced one in its own order.
 * </ul>
 *
 * <p>Reading is strict: an unknown, missing or doubled field, a wrong type or anything behind the value is a {@link JournalException}
 * with code {@code UNREADABLE} that says where. Build one once for each type and keep it; safe from any thread.
 *
 * <pre>{@code
 * RecordCodec<Fact> codec = RecordCodec.of(Fact.class);
 * Fact back = codec.decode(codec.encode(fact));
 * }</pre>
 */
public final class RecordCodec<T> {
    private static final int RECYCLED_BUFFERS =
            16; // as many as threads that may read and write at once; more allocate their own

    private final Class<T> type;
    private final Shape shape;
    private final JsonFactory json;

    private RecordCodec(Class<T> type, Shape shape) {
        this.type = type;
        this.shape = shape;
        this.json = new JsonFactoryBuilder()
                .recyclerPool(JsonRecyclerPools.newBoundedPool(RECYCLED_BUFFERS))
                .build();
    }

    /** For records in exported packages. Throws IllegalArgumentException for a type that has no place in JSON. */
    public static <T> RecordCodec<T> of(Class<T> type) {
        return of(type, MethodHandles.publicLookup(), Upcasters.ofEvents());
    }

    /** For records that only the caller can reach. */
    public static <T> RecordCodec<T> of(Class<T> type, MethodHandles.Lookup lookup) {
        return of(type, lookup, Upcasters.ofEvents());
    }

    /** With other steps for old versions of events than those of this program. */
    public static <T> RecordCodec<T> of(Class<T> type, MethodHandles.Lookup lookup, Upcasters upcasters) {
        return new RecordCodec<>(type, new Shapes(lookup, upcasters).of(type));
    }

    /** The value as UTF-8. */
    public byte[] encode(T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        encode(value, bytes);
        return bytes.toByteArray();
    }

    /** Writes the value to the stream, which stays open. */
    public void encode(T value, OutputStream out) {
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            shape.write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the value where the generator stands. */
    public void write(JsonGenerator out, T value) {
        try {
            shape.write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the value's fields into the object that the generator stands in, without braces and without the type tag. */
    public void writeFields(JsonGenerator out, T value) {
        try {
            switch (shape) {
                case ChoiceShape choice -> choice.writeFields(out, value);
                case RecordShape record -> record.writeFields(out, value);
                default -> throw new IllegalStateException(type + " has no fields");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads exactly one value. Throws {@link JournalException} with code UNREADABLE. */
    public T decode(byte[] utf8) {
        return decode(utf8, 0, utf8.length);
    }

    /** Reads exactly one value from a part of the array. */
    public T decode(byte[] utf8, int offset, int length) {
        try (JsonParser in = json.createParser(utf8, offset, length)) {
            in.nextToken();
            T value = read(in);
            if (in.nextToken() != null) {
                throw Shape.unreadable(in, "something stands behind the " + type.getSimpleName());
            }
            return value;
        } catch (StreamReadException e) {
            throw broken(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the value on whose first token the parser stands, and leaves it on the last. */
    public T read(JsonParser in) {
        try {
            return type.cast(shape.read(in));
        } catch (JsonProcessingException e) {
            throw broken(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SHA-256 of the value's bytes in hexadecimal: equal for equal values, on every run. */
    public String hash(T value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encode(value)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private JournalException broken(JsonProcessingException e) {
        return new JournalException(
                JournalException.Code.UNREADABLE,
                "not the JSON of a " + type.getSimpleName() + ": " + e.getOriginalMessage(),
                e);
    }
}
