package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import dev.turntable.logs.LogListener;
import dev.turntable.logs.LogSource;
import dev.turntable.logs.LogStreams;
import io.helidon.http.Status;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code /logs} and {@code /logs/stream…}: what a person reads, history first, then live (llama-swap §7.3). */
final class LogRoutes {
    /** How long a silent stream sleeps before it looks whether its client is still there. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Config> config;
    private final LogStreams logs;
    private final LiveStreams streams;
    private final LongSupplier head;

    LogRoutes(Supplier<Config> config, LogStreams logs, LiveStreams streams, LongSupplier head) {
        this.config = config;
        this.logs = logs;
        this.streams = streams;
        this.head = head;
    }

    /** {@code GET /logs}: the combined history; browsers are led to the page. */
    void history(Call call) {
        if (call.accept().contains("text/html")) {
            Answers.redirect(call, Status.FOUND_302, "/ui/");
            return;
        }
        Answers.send(call, Status.OK_200, "text/plain", logs.history(new LogSource.Mux()));
    }

    /** {@code GET /logs/stream}. */
    void combined(Call call) throws InterruptedException {
        stream(call, new LogSource.Mux());
    }

    /** {@code GET /logs/stream/<id>}. */
    void one(Call call) throws InterruptedException {
        LogSource source = source(call.variable("id"))
                .orElseThrow(() -> ApiException.bad("invalid logger. Use 'proxy', 'upstream' or a model's ID"));
        stream(call, source);
    }

    /** {@code GET /api/output?run=fox%233&from=…&to=…}: what a run printed at a time; our own addition. */
    void output(Call call) {
        RunId run = given(call, "run", RunId::parse);
        Instant from = given(call, "from", Instant::parse);
        Instant to = given(call, "to", Instant::parse);
        Answers.send(call, Status.OK_200, "text/plain; charset=utf-8", logs.output(run, from, to));
    }

    private static <T> T given(Call call, String name, Function<String, T> reader) {
        try {
            return call.query().given(name).map(reader).orElseThrow(() -> ApiException.bad(name + " is required"));
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            throw ApiException.bad("invalid " + name);
        }
    }

    /** {@code proxy} and {@code upstream} win over models of that name; else the longest prefix that is a model or an alias. */
    private Optional<LogSource> source(String id) {
        if (id.equals("proxy")) {
            return Optional.of(new LogSource.Proxy());
        }
        if (id.equals("upstream")) {
            return Optional.of(new LogSource.Upstream());
        }
        String path = Arrays.stream(id.split("/")).filter(s -> !s.isEmpty()).collect(Collectors.joining("/")) + "/";
        Config now = config.get();
        return Stream.concat(now.models().keySet().stream(), now.aliases().keySet().stream())
                .filter(name -> path.startsWith(name + "/"))
                .max(Comparator.comparingInt(String::length))
                .flatMap(now::resolve)
                .map(model -> new LogSource.OfModel(new ModelId(model)));
    }

    private void stream(Call call, LogSource source) throws InterruptedException {
        boolean withHistory = !call.query().has("no-history");
        try (LogListener listener = logs.listen(source, withHistory);
                LiveStreams.Open _ = streams.enter(call, head.getAsLong(), listener::close);
                StreamedAnswer answer = new StreamedAnswer(call, "text/plain")) {
            while (!listener.over()) {
                Optional<byte[]> chunk = listener.next(PATIENCE);
                chunk.ifPresent(answer::send);
            }
        }
    }
}
