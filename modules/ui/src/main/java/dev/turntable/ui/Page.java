package dev.turntable.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files of the web page. */
public final class Page {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "ico", "image/x-icon",
            "png", "image/png",
            "br", "application/octet-stream"); // a packed copy beside its file

    private Page() {}

    private static final Pattern INLINE =
            Pattern.compile("<script(?: type=\"importmap\")?>(.*?)</script>", Pattern.DOTALL);

    /** What a strict policy must name to let the page's own inline scripts run: {@code 'sha256-…'} of each. */
    public static List<String> inlineScripts() {
        String index = new String(file("index.html").orElseThrow().bytes(), StandardCharsets.UTF_8);
        return INLINE.matcher(index)
                .results()
                .map(script -> "'sha256-" + sha256(script.group(1)) + "'")
                .toList();
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Content type and bytes of one file. */
    public record File(String contentType, byte[] bytes) {}

    /**
     * The file of that name, without a slash in front; empty when there is none, for folders, and for names that lead elsewhere.
     *
     * @param name decoded path below {@code /ui/}
     */
    public static Optional<File> file(String name) {
        if (name.isEmpty()
                || name.startsWith("/")
                || name.endsWith("/")
                || name.contains("..")
                || name.contains("\\")) {
            return Optional.empty();
        }
        String extension = name.substring(name.lastIndexOf('.') + 1);
        if (!TYPES.containsKey(extension)) {
            return Optional.empty();
        }
        try (InputStream in = Page.class.getResourceAsStream("web/" + name)) {
            return in == null ? Optional.empty() : Optional.of(new File(TYPES.get(extension), in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
