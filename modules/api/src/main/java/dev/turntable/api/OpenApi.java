package dev.turntable.api;

import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code GET /api/openapi.json}: the control plane described for tools; a test compares it with the routes and with real answers. */
final class OpenApi {
    private OpenApi() {}

    static void show(Call call) {
        Answers.send(call, Status.OK_200, "application/json", document());
    }

    static byte[] document() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
