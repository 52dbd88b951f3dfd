package dev.turntable.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The end of what one run has printed, to be quoted when its start fails or it ends by itself. Not safe for several threads. */
final class LastLines {
    /** More than is quoted, so that a secret that begins before the quoted part is still known as one. */
    private static final int KEPT_BYTES = 8_192;

    private static final int QUOTED_CHARS = 2_000;
    private static final int QUOTED_LINES = 10;

    /** Colours, cursor movements, and what else is no text. */
    private static final String CONTROL = "\\x1B\\[[0-9;?]*[ -/]*[@-~]|[\\p{Cntrl}&&[^\\n\\r\\t]]";

    private byte[] kept = {};

    /** Takes {@code bytes[0..length)}. */
    void add(byte[] bytes, int length) {
        int fresh = Math.min(length, KEPT_BYTES);
        int old = Math.min(kept.length, KEPT_BYTES - fresh);
        byte[] next = Arrays.copyOfRange(kept, kept.length - old, kept.length - old + old + fresh);
        System.arraycopy(bytes, length - fresh, next, old, fresh);
        kept = next;
    }

    /** At most ten lines, oldest first, without the secrets; the first one may be the end of a longer line. */
    List<String> quote(Secrets secrets) {
        String text = secrets.mask(new String(kept, StandardCharsets.UTF_8).replaceAll(CONTROL, ""));
        List<String> lines = text.substring(Math.max(0, text.length() - QUOTED_CHARS))
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size());
    }
}
