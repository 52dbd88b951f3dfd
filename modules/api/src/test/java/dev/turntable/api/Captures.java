package dev.turntable.api;

import dev.turntable.event.RequestId;
import dev.turntable.proxy.activity.Capture;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Captures for tests. */
final class Captures {
    private Captures() {}

    static Capture of(long request) {
        return new Capture(
                new RequestId(request),
                "/v1/chat/completions",
                new LinkedHashMap<>(Map.of("Content-Type", "application/json")),
                Optional.of("hi".getBytes(StandardCharsets.UTF_8)),
                new LinkedHashMap<>(),
                Optional.empty());
    }
}
