package dev.turntable.proxy.metering;

import dev.turntable.upstream.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Unpacks a compressed answer for the record; a bomb is stopped at its limit. */
public final class Unpacking {
    private static final int LARGEST = 64 << 20;

    private Unpacking() {}

    /** True for the encodings that can be read; others are taken as they are. */
    public static boolean needed(Headers headers) {
        return switch (encoding(headers)) {
            case "gzip", "deflate" -> true;
            default -> false;
        };
    }

    private static String encoding(Headers headers) {
        return headers.first("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
    }

    public static byte[] unpack(Headers headers, byte[] packed) throws IOException {
        Inflater raw = new Inflater(true);
        try (InputStream in = encoding(headers).equals("gzip")
                ? new GZIPInputStream(new ByteArrayInputStream(packed))
                : new InflaterInputStream(new ByteArrayInputStream(packed), raw)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length * 4);
            byte[] buffer = new byte[8192];
            int read = in.read(buffer);
            while (read >= 0) {
                out.write(buffer, 0, read);
                if (out.size() > LARGEST) {
                    throw new IOException("unpacks to more than " + LARGEST + " bytes");
                }
                read = in.read(buffer);
            }
            return out.toByteArray();
        } finally {
            raw.end();
        }
    }
}
