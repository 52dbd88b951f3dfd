package dev.turntable.proxy;

import dev.turntable.config.Filters;
import dev.turntable.proxy.http1.RequestHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Changes the request so that its upstream sees the name and the parameters it should see, and nothing else (llama-swap §6.1). */
final class Rewrite {
    /** Why the request cannot go on. */
    record Problem(int status, String message) {}

    /** A body that must be changed is held in memory; a longer one is refused. */
    private static final long LARGEST = 256L << 20;

    private final RequestHead head;
    private final RequestBody body;
    private final Asked asked;
    private String query;

    Rewrite(RequestHead head, RequestBody body, Asked asked) {
        this.head = head;
        this.body = body;
        this.asked = asked;
        this.query = head.rawQuery();
    }

    /** The query to forward. */
    String query() {
        return query;
    }

    Optional<Problem> apply(Names.Meaning meaning) throws IOException {
        return switch (meaning) {
            case Names.Meaning.Local local -> {
                boolean renames = asked.place() == Asked.Place.JSON || asked.place() == Asked.Place.MULTIPART;
                String name = renames ? local.model().useModelName().orElse(local.name()) : local.name();
                yield apply(name, local.model().filters(), local.name());
            }
            case Names.Meaning.AtPeer peer -> apply(peer.bare(), peer.peer().filters(), peer.name());
            case Names.Meaning.Nowhere nowhere -> Optional.empty();
        };
    }

    private Optional<Problem> apply(String name, Filters filters, String requested) throws IOException {
        boolean filtered = asked.place() == Asked.Place.JSON && !filters.isEmpty();
        boolean renamed = !name.equals(asked.name());
        if ((filtered || renamed && asked.place() != Asked.Place.QUERY) && body.length() > LARGEST) {
            return Optional.of(new Problem(413, "request body larger than " + LARGEST + " bytes cannot be changed"));
        }
        if (renamed) {
            rename(name);
        }
        if (filtered) {
            byte[] before = body.bytes(LARGEST).orElseThrow();
            try {
                byte[] after = BodyFilter.apply(before, filters, requested);
                if (after != before) {
                    body.replace(after);
                }
            } catch (BodyFilter.Failed failed) {
                return Optional.of(new Problem(500, failed.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** Puts another name where the name stands. */
    void rename(String name) throws IOException {
        switch (asked.place()) {
            case QUERY ->
                query = Form.parse(head.rawQuery()).with("model", name).encode();
            case JSON -> json(name);
            case FORM -> {
                byte[] bytes = body.bytes(LARGEST).orElseThrow();
                Form form = Form.parse(new String(bytes, StandardCharsets.ISO_8859_1));
                body.replace(form.with("model", name).encode().getBytes(StandardCharsets.ISO_8859_1));
            }
            case MULTIPART -> multipart(name);
        }
    }

    private void json(String name) throws IOException {
        byte[] bytes = body.bytes(LARGEST).orElseThrow();
        JsonScan.Found found = JsonScan.field(bytes, "model").orElseThrow();
        byte[] quoted = JsonText.quote(name).getBytes(StandardCharsets.UTF_8);
        byte[] changed = new byte[bytes.length - (int) (found.to() - found.from()) + quoted.length];
        System.arraycopy(bytes, 0, changed, 0, (int) found.from());
        System.arraycopy(quoted, 0, changed, (int) found.from(), quoted.length);
        System.arraycopy(
                bytes, (int) found.to(), changed, (int) found.from() + quoted.length, bytes.length - (int) found.to());
        body.replace(changed);
    }

    /** Every {@code model} field gets the name; every other byte, boundary and part headers included, stays. */
    private void multipart(String name) throws IOException {
        Optional<Multipart> form =
                Asked.multipart(head.headers().first("Content-Type").orElse(""), body);
        byte[] bytes = body.bytes(LARGEST).orElseThrow();
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + text.length);
        int at = 0;
        for (Multipart.Value value : form.orElseThrow().values()) {
            if (value.name().equals("model")) {
                out.write(bytes, at, (int) value.from() - at);
                out.write(text, 0, text.length);
                at = (int) value.to();
            }
        }
        out.write(bytes, at, bytes.length - at);
        body.replace(out.toByteArray());
    }
}
