package dev.turntable.api;

import dev.turntable.history.HistoryException;
import dev.turntable.json.JsonText;
import dev.turntable.proxy.exchange.Errors;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The few shapes in which the control plane answers. */
final class Answers {
    private static final byte[] OK = "OK".getBytes(StandardCharsets.US_ASCII);

    private Answers() {}

    /** JSON with a newline behind it, as llama-swap's encoder leaves it. */
    static void json(Call call, Json.Body body) {
        json(call, Status.OK_200, body);
    }

    static void json(Call call, Status status, Json.Body body) {
        byte[] bytes = Json.bytes(body);
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        send(call, status, "application/json", line);
    }

    static void ok(Call call) {
        send(call, Status.OK_200, "text/plain; charset=utf-8", OK);
    }

    /** {@code {"msg":"ok"}}. */
    static void done(Call call) {
        json(call, out -> {
            out.writeStartObject();
            out.writeStringField("msg", "ok");
            out.writeEndObject();
        });
    }

    static void text(Call call, Status status, String type, String text) {
        send(call, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An error in the form the client asked for (llama-swap §3.2). */
    static void error(Call call, Status status, String message) {
        Errors.Body body = Errors.body(call.header("Accept"), status.code(), message);
        send(call, status, body.contentType(), body.bytes());
    }

    /** A question to the history without an answer; what is older than the record is told where the record begins. */
    static void noHistory(Call call, HistoryException noAnswer) {
        Status status = Status.create(noAnswer.code().status());
        if (noAnswer.earliest().isEmpty()) {
            error(call, status, noAnswer.getMessage());
            return;
        }
        String error = Errors.body(Optional.empty(), status.code(), noAnswer.getMessage())
                .text();
        String earliest =
                ",\"earliest\":" + JsonText.quoteForHtml(noAnswer.earliest().get()) + "}";
        text(call, status, "application/json", error.substring(0, error.length() - 1) + earliest);
    }

    static void redirect(Call call, Status status, String location) {
        toClient(() -> call.exchange().redirect(status.code(), location));
    }

    static void send(Call call, Status status, String type, byte[] body) {
        toClient(() -> call.exchange().answer(status.code(), type, body));
    }

    /** The answer to a request whose answer the client has already (its {@code ETag} says so). */
    static void notModified(Call call) {
        toClient(() -> call.exchange().empty(Status.NOT_MODIFIED_304.code()));
    }

    /** Something that writes to the client. */
    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private static void toClient(Write write) {
        try {
            write.run();
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
