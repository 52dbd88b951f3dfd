package dev.turntable.api;

import dev.turntable.ui.Page;
import io.helidon.http.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** {@code /ui/…}: the web page's files; a path without a dot in its last part is a place inside the page (llama-swap §3.11). */
final class StaticPage {
    /** The page needs nobody else, and nobody else needs to embed it: what slips into it as text can do no harm. */
    private static final String POLICY =
            "default-src 'self'; script-src 'self' %s; img-src 'self' data: blob:; media-src 'self' data: blob:; "
                    + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final Function<String, Optional<Page.File>> files;
    private final String policy;
    private final Map<String, byte[]> packed = new ConcurrentHashMap<>();

    /** @param inlineScripts what the policy must name to let the page's inline scripts run */
    StaticPage(Function<String, Optional<Page.File>> files, List<String> inlineScripts) {
        this.files = files;
        this.policy = POLICY.formatted(String.join(" ", inlineScripts));
    }

    void file(Call call) {
        String name = call.variable("file");
        Optional<Page.File> file = files.apply(name.isEmpty() ? "index.html" : name);
        if (file.isPresent()) {
            send(call, name.isEmpty() ? "index.html" : name, file.get());
            return;
        }
        String last = name.substring(name.lastIndexOf('/') + 1);
        Optional<Page.File> index = files.apply("index.html");
        if (last.contains(".") || index.isEmpty()) {
            missing(call);
        } else {
            send(call, "index.html", index.get());
        }
    }

    /** {@code GET /favicon.ico}: the page names its own icon, so there is none here, as in a llama-swap without its page. */
    void icon(Call call) {
        missing(call);
    }

    private static void missing(Call call) {
        call.exchange().header("X-Content-Type-Options", "nosniff");
        Answers.text(call, Status.NOT_FOUND_404, "text/plain; charset=utf-8", "404 page not found\n");
    }

    /** A packed copy beside the file goes to clients that take it; to others it is packed here, once. */
    private void send(Call call, String name, Page.File file) {
        Optional<Page.File> beside = accepts(call, "br") ? files.apply(name + ".br") : Optional.empty();
        Optional<String> coding =
                beside.isPresent() ? Optional.of("br") : accepts(call, "gzip") ? Optional.of("gzip") : Optional.empty();
        byte[] bytes = beside.isPresent()
                ? beside.get().bytes()
                : coding.isPresent() ? packed.computeIfAbsent(name, _ -> gzip(file.bytes())) : file.bytes();
        call.exchange().header("Vary", "Accept-Encoding");
        coding.ifPresent(word -> call.exchange().header("Content-Encoding", word));
        String tag = "\"" + hash(bytes) + "\"";
        call.exchange().header("ETag", tag);
        call.exchange().header("Cache-Control", "no-cache");
        call.exchange().header("Content-Security-Policy", policy);
        call.exchange().header("X-Content-Type-Options", "nosniff");
        boolean known = call.header("If-None-Match").stream()
                .flatMap(v -> Arrays.stream(v.split(",")))
                .anyMatch(v -> v.strip().equals(tag) || v.strip().equals("*"));
        if (known) {
            Answers.notModified(call);
            return;
        }
        Answers.send(call, Status.OK_200, file.contentType(), bytes);
    }

    private static boolean accepts(Call call, String coding) {
        return call.header("Accept-Encoding").stream()
                .flatMap(v -> Arrays.stream(v.split(",")))
                .anyMatch(v -> v.split(";")[0].strip().equals(coding));
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
