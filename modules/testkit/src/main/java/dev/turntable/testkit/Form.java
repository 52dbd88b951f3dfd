package dev.turntable.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A multipart form as bytes, put together by hand so that a test knows each of them.
 *
 * <pre>{@code
 * byte[] body = new Form().value("model", "fox").file("file", "a.wav", "audio/wav", bytes).bytes();
 * http.raw("POST /v1/audio/transcriptions", body, Form.TYPE);
 * }</pre>
 */
public final class Form {
    private static final String BOUNDARY = "--the--boundary--";

    public static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    /** The header line that belongs to it. */
    public static final String TYPE = "Content-Type: " + CONTENT_TYPE;

    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    public Form() {}

    public Form value(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    public Form file(String name, String fileName, String type, byte[] content) {
        return part(
                "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + fileName + "\"\r\nContent-Type: "
                        + type,
                content);
    }

    private Form part(String head, byte[] content) {
        parts.writeBytes(("--" + BOUNDARY + "\r\n" + head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        parts.writeBytes(content);
        parts.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public byte[] bytes() {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(parts.toByteArray());
        whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return whole.toByteArray();
    }
}
