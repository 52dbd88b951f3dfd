package dev.turntable.api;

import java.nio.charset.StandardCharsets;

/** Server-sent events as bytes. */
final class Frames {
    private Frames() {}

    /** A message of {@code /api/events}: type and data in an envelope whose data is JSON in a string (llama-swap §3.8). */
    static byte[] message(String type, Json.Body data) {
        String inner = Json.text(data);
        String envelope = Json.text(out -> {
            out.writeStartObject();
            out.writeStringField("type", type);
            out.writeStringField("data", inner);
            out.writeEndObject();
        });
        return utf8("event:message\ndata:" + envelope + "\n\n");
    }

    /** An event with an id, which a client sends back as {@code Last-Event-ID} to go on from there. */
    static byte[] event(String id, String type, String data) {
        return utf8("id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
