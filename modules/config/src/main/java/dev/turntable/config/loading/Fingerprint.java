package dev.turntable.config.loading;

import dev.turntable.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Hashes: of sources, and of everything that makes a running process stale. */
public final class Fingerprint {
    private Fingerprint() {}

    public static String of(String cmd, String cmdStop, String proxy, String checkEndpoint, List<String> env) {
        MessageDigest digest = sha256();
        add(digest, cmd, cmdStop, proxy, checkEndpoint);
        add(digest, env.toArray(String[]::new));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of the only file's bytes, or over names and hashes of several, in their order. */
    static String of(Map<String, byte[]> files) {
        if (files.size() == 1) {
            return HexFormat.of()
                    .formatHex(sha256().digest(files.values().iterator().next()));
        }
        MessageDigest digest = sha256();
        files.forEach((name, bytes) -> {
            add(digest, name);
            digest.update(sha256().digest(bytes));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Each text with its length before it, so that no two lists give the same bytes. */
    private static void add(MessageDigest digest, String... texts) {
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        digest.update((byte) ';');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new ConfigException("this Java has no SHA-256: " + e.getMessage());
        }
    }
}
