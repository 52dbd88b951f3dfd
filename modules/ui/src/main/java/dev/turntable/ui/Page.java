package dev.turntable.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The files of the web page. */
public final class Page {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "ico", "image/x-icon",
            "png", "image/png",
            "br", "application/octet-stream"); // a packed copy beside its file

    private Page() {}

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
