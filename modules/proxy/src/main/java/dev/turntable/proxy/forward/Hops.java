package dev.turntable.proxy.forward;

import dev.turntable.upstream.Headers;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The marks a request gets from every Turntable that passes it on to a peer: one that comes back would go round for ever. */
public record Hops(String self) {
    private static final String HEADER = "X-Turntable-Hops";

    /** A mark that no other server has. */
    public static Hops random() {
        return new Hops(HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextLong()));
    }

    public boolean passed(Headers headers) {
        return headers.hasToken(HEADER, self);
    }

    void mark(Headers headers) {
        Optional<String> before = headers.first(HEADER);
        headers.set(HEADER, before.map(hops -> hops + ", " + self).orElse(self));
    }
}
