package dev.turntable.proxy.naming;

import dev.turntable.json.BodyView;
import dev.turntable.json.JsonScan;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The model a request names, where the name stands, and whether a stream is wanted (llama-swap §3.3). */
public record RequestedModel(String name, boolean streaming, Place place) {
    /** Where the name stands, and so what must be rewritten when it changes. */
    enum Place {
        QUERY,
        JSON,
        FORM,
        MULTIPART
    }

    /** Most blank bytes before the brace of a body that does not say that it is JSON. */
    private static final int MAX_BLANK = 1024;

    /** Longest urlencoded body that is read for its fields. */
    private static final long MAX_FORM = 10L << 20;

    /** Reads the name; empty when there is none. */
    public static Optional<RequestedModel> of(RequestHead head, RequestBody body) throws IOException {
        if (head.method().equals("GET")) {
            Form query = Form.parse(head.rawQuery());
            return asked(query.first("model"), query.first("stream"), Place.QUERY);
        }
        String type = head.headers().first("Content-Type").orElse("");
        if (type.contains("application/json")) {
            return json(body);
        }
        if (body.look(RequestedModel::looksLikeJson)) {
            Optional<RequestedModel> unsaid = json(body);
            if (unsaid.isPresent()) {
                return unsaid;
            }
        }
        Form query = Form.parse(head.rawQuery());
        if (!query.sound()) {
            return Optional.empty();
        }
        if (multipart(type)) {
            return multipart(type, body, query);
        }
        if (mediaType(type).equals("application/x-www-form-urlencoded")
                && !head.method().equals("HEAD")) {
            return form(body, query);
        }
        return asked(query.first("model"), query.first("stream"), Place.QUERY);
    }

    private static Optional<RequestedModel> json(RequestBody body) throws IOException {
        return body.look(json -> JsonScan.field(json, "model")
                .map(JsonScan.Found::asText)
                .filter(name -> !name.isEmpty())
                .map(name -> new RequestedModel(
                        name,
                        JsonScan.field(json, "stream")
                                .map(JsonScan.Found::truthy)
                                .orElse(false),
                        Place.JSON)));
    }

    /** Many clients send JSON under another type, or none: {@code curl -d} says it is a form. No form, of either kind, begins like this. */
    private static boolean looksLikeJson(BodyView body) {
        long end = Math.min(body.size(), MAX_BLANK);
        long i = body.size() >= 3 && body.at(0) == (byte) 0xef && body.at(1) == (byte) 0xbb && body.at(2) == (byte) 0xbf
                ? 3
                : 0;
        while (i < end && (body.at(i) == ' ' || body.at(i) == '\t' || body.at(i) == '\r' || body.at(i) == '\n')) {
            i++;
        }
        return i < end && body.at(i) == '{';
    }

    static boolean multipart(String type) {
        return mediaType(type).startsWith("multipart/");
    }

    private static Optional<RequestedModel> multipart(String type, RequestBody body, Form query) throws IOException {
        Optional<Multipart> form = multipart(type, body);
        if (form.isEmpty()) {
            return Optional.empty();
        }
        // Unlike an urlencoded body, a multipart field does not beat the query; a field that is there is what gets
        // rewritten all the same.
        Optional<String> stream = query.first("stream").or(() -> form.get().first("stream"));
        Optional<String> field = form.get().first("model");
        return asked(query.first("model").or(() -> field), stream, field.isPresent() ? Place.MULTIPART : Place.QUERY);
    }

    /** The fields of a multipart body; empty when it is not sound. */
    static Optional<Multipart> multipart(String type, RequestBody body) throws IOException {
        Optional<String> boundary = Multipart.boundary(type);
        if (boundary.isEmpty() || !mediaType(type).equals("multipart/form-data")) {
            return Optional.empty();
        }
        return body.look(bytes -> Multipart.parse(bytes, boundary.get()));
    }

    private static Optional<RequestedModel> form(RequestBody body, Form query) throws IOException {
        if (body.length() > MAX_FORM) {
            return Optional.empty();
        }
        Form fields = Form.parse(new String(body.bytes(MAX_FORM).orElseThrow(), StandardCharsets.ISO_8859_1));
        if (!fields.sound()) {
            return Optional.empty();
        }
        Optional<String> stream = fields.first("stream").or(() -> query.first("stream"));
        Optional<String> name = fields.first("model");
        return name.isPresent() ? asked(name, stream, Place.FORM) : asked(query.first("model"), stream, Place.QUERY);
    }

    private static Optional<RequestedModel> asked(Optional<String> name, Optional<String> stream, Place place) {
        return name.filter(n -> !n.isEmpty())
                .map(n -> new RequestedModel(n, stream.map("true"::equals).orElse(false), place));
    }

    /** The type without parameters, in lower case. */
    static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(java.util.Locale.ROOT);
    }
}
