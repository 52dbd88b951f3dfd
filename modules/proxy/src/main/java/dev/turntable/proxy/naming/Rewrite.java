package dev.turntable.proxy.naming;

import dev.turntable.config.Filters;
import dev.turntable.json.JsonScan;
import dev.turntable.json.JsonText;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Changes the request so that its upstream sees the name and the parameters it should see, and nothing else (llama-swap §6.1). */
public final class Rewrite {
    /** Why the request cannot go on. */
    public record Problem(int status, String message) {}

    /** Parameters are changed in memory, a few copies at a time; a longer body is refused. Another name alone needs no memory. */
    private static final long LARGEST =
            Math.max(8L << 20, Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8));

    private final RequestHead head;
    private final RequestBody body;
    private final RequestedModel asked;
    private String query;

    public Rewrite(RequestHead head, RequestBody body, RequestedModel asked) {
        this.head = head;
        this.body = body;
        this.asked = asked;
        this.query = head.rawQuery();
    }

    /** The query to forward. */
    public String query() {
        return query;
    }

    public Optional<Problem> apply(Names.Meaning meaning) throws IOException {
        return switch (meaning) {
            case Names.Meaning.Local local -> {
                boolean renames = asked.place() != RequestedModel.Place.QUERY;
                String name = renames ? local.model().useModelName().orElse(local.name()) : local.name();
                yield apply(name, local.model().filters(), local.name());
            }
            case Names.Meaning.AtPeer peer -> apply(peer.bare(), peer.peer().filters(), peer.name());
            case Names.Meaning.Nowhere nowhere -> Optional.empty();
        };
    }

    private Optional<Problem> apply(String name, Filters filters, String requested) throws IOException {
        boolean filtered = asked.place() == RequestedModel.Place.JSON && !filters.isEmpty();
        boolean renamed = !name.equals(asked.name());
        if (filtered && body.length() > LARGEST) {
            return Optional.of(new Problem(413, "request body larger than " + LARGEST + " bytes cannot be filtered"));
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
        JsonScan.Found found = body.look(json -> JsonScan.field(json, "model")).orElseThrow();
        byte[] quoted = JsonText.quote(name).getBytes(StandardCharsets.UTF_8);
        body.splice(List.of(new RequestBody.Splice(found.from(), found.to(), quoted)));
    }

    /** Every {@code model} field gets the name; every other byte, boundary and part headers included, stays. */
    private void multipart(String name) throws IOException {
        Multipart form = RequestedModel.multipart(
                        head.headers().first("Content-Type").orElse(""), body)
                .orElseThrow();
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        body.splice(form.values().stream()
                .filter(value -> value.name().equals("model"))
                .map(value -> new RequestBody.Splice(value.from(), value.to(), text))
                .toList());
    }
}
