package dev.turntable.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** OpenAI's shapes with llama.cpp's timings; the text is made up, the numbers in it are true of this answer. */
final class OpenAi {
    private final String name;
    private final int tokens;
    private final Duration gap;

    OpenAi(String name, int tokens, Duration gap) {
        this.name = name;
        this.tokens = tokens;
        this.gap = gap;
    }

    String models() {
        return Json.text(Json.of(
                "object",
                "list",
                "data",
                List.of(Json.of("id", name, "object", "model", "owned_by", "demo-upstream"))));
    }

    /** A whole answer. {@code echo} says who answered and what it was sent, so that a test can tell. */
    String completion(boolean chat, Request request, Map<String, Object> body, Order order) {
        long began = System.nanoTime();
        int n = order.number("tokens", wanted(body));
        var text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            text.append(token(i));
        }
        Map<String, Object> choice = chat
                ? Json.of(
                        "index",
                        0,
                        "message",
                        Json.of("role", "assistant", "content", text.toString()),
                        "finish_reason",
                        "stop")
                : Json.of("index", 0, "text", text.toString(), "finish_reason", "stop");
        Map<String, Object> answer = envelope(chat ? "chat.completion" : "text_completion", body, List.of(choice));
        answer.put("usage", usage(prompt(body), n));
        answer.put("timings", timings(prompt(body), n, System.nanoTime() - began));
        answer.put(
                "echo",
                Json.of(
                        "name", name,
                        "pid", ProcessHandle.current().pid(),
                        "target", request.target(),
                        "headers", Connection.pairs(request.headers())));
        return Json.text(answer);
    }

    /** One event a token, then usage and timings, then {@code [DONE]}. With an exit code, ends the process half way. */
    void stream(boolean chat, Map<String, Object> body, Order order, int exit, Response to) throws IOException {
        long began = System.nanoTime();
        int n = order.number("tokens", wanted(body));
        String object = chat ? "chat.completion.chunk" : "text_completion";
        to.startEvents();
        for (int i = 0; i < n; i++) {
            if (exit >= 0 && i == n / 2) {
                Runtime.getRuntime().halt(exit);
            }
            Map<String, Object> choice = chat
                    ? Json.of("index", 0, "delta", Json.of("content", token(i)))
                    : Json.of("index", 0, "text", token(i));
            Map<String, Object> event = envelope(object, body, List.of(choice));
            if (order.has("clock")) {
                event.put("sent_ns", System.nanoTime());
            }
            to.event(Json.text(event));
            DemoUpstream.pause(order.millis("gap_ms", gap));
        }
        Map<String, Object> last = envelope(object, body, List.of());
        last.put("usage", usage(prompt(body), n));
        last.put("timings", timings(prompt(body), n, System.nanoTime() - began));
        to.event(Json.text(last));
        to.event("[DONE]");
        to.endChunks(Map.of());
    }

    String embeddings(Map<String, Object> body) {
        return Json.text(Json.of(
                "object", "list",
                "model", model(body),
                "data", List.of(Json.of("object", "embedding", "index", 0, "embedding", List.of(0.25, -0.5, 0.125))),
                "usage", Json.of("prompt_tokens", prompt(body), "total_tokens", prompt(body))));
    }

    private Map<String, Object> envelope(String object, Map<String, Object> body, List<?> choices) {
        return Json.of(
                "id",
                "demo-" + Long.toHexString(System.nanoTime()),
                "object",
                object,
                "created",
                System.currentTimeMillis() / 1000,
                "model",
                model(body),
                "choices",
                choices);
    }

    private String model(Map<String, Object> body) {
        return body.getOrDefault("model", name).toString();
    }

    private int wanted(Map<String, Object> body) {
        return body.get("max_tokens") instanceof Number limit ? Math.min(tokens, limit.intValue()) : tokens;
    }

    private String token(int i) {
        return i == 0 ? "Hello" : i == 1 ? " from" : i == 2 ? " " + name : " word" + i;
    }

    /** A token a word of whatever was sent. */
    private static int prompt(Map<String, Object> body) {
        Object sent = body.getOrDefault("messages", body.getOrDefault("prompt", body.getOrDefault("input", "")));
        return sent.toString().split("\\s+").length;
    }

    private static Map<String, Object> usage(int prompt, int completion) {
        return Json.of("prompt_tokens", prompt, "completion_tokens", completion, "total_tokens", prompt + completion);
    }

    private static Map<String, Object> timings(int prompt, int predicted, long nanos) {
        double ms = Math.max(nanos, 1) / 1e6;
        return Json.of(
                "cache_n",
                0,
                "prompt_n",
                prompt,
                "prompt_ms",
                1.0,
                "prompt_per_second",
                prompt * 1000.0,
                "predicted_n",
                predicted,
                "predicted_ms",
                ms,
                "predicted_per_second",
                predicted * 1000.0 / ms);
    }
}
