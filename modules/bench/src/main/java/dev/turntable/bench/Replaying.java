package dev.turntable.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turntable.journal.Journal;
import dev.turntable.whatif.Replay;
import dev.turntable.whatif.WhatIf;
import dev.turntable.whatif.WhatIfException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plays recorded traffic against a running server: each client's requests in the order and with the pauses of the record (docs/whatif.md).
 * Bodies are not on the record. Stand-ins go out, with an order that the demo upstream understands: the recorded time, and so many bytes.
 *
 * <pre>  scripts/bench replay --journal DIR --to URL [--from TIME]</pre>
 */
final class Replaying {
    private static final String USAGE = "usage: scripts/bench replay --journal DIR --to URL [--from TIME]";

    private final URI target;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    private Replaying(URI target) {
        this.target = target.resolve("/v1/chat/completions");
    }

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> words = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            words.put(args[i], args[i + 1]);
        }
        String folder = words.remove("--journal");
        String to = words.remove("--to");
        String from = Optional.ofNullable(words.remove("--from")).orElse("7d");
        if (args.length % 2 != 0 || folder == null || to == null || !words.isEmpty()) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try (Journal journal = WhatIf.open(Path.of(folder))) {
            Replay replay = Replay.read(journal, from, Optional.empty());
            System.err.println("bench: " + replay.count() + " requests to " + to);
            new Replaying(URI.create(to)).run(replay);
        } catch (WhatIfException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(e.kind().exitCode());
        }
    }

    private void run(Replay replay) throws InterruptedException {
        long began = System.nanoTime();
        replay.run(this::send);
        IO.println("%d answered, %d given up, %d refused, %d failed, %.1f s"
                .formatted(answered.get(), left.get(), refused.get(), failed.get(), (System.nanoTime() - began) / 1e9));
    }

    private void send(Replay.Request request) {
        try {
            HttpRequest.Builder built = HttpRequest.newBuilder(target)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(request)));
            request.agent().ifPresent(agent -> built.header("User-Agent", agent));
            // A client's patience is for the wait; the answer itself may take its time.
            request.patience().ifPresent(p -> built.timeout(p.plus(request.service())));
            int status = client.send(built.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            (status < 400 ? answered : refused).incrementAndGet();
        } catch (HttpTimeoutException e) {
            left.incrementAndGet();
        } catch (IOException e) {
            failed.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] body(Replay.Request request) throws IOException {
        Map<String, Object> order = new HashMap<>();
        order.put("delay_ms", request.service().toMillis());
        if (request.bytes() > 0) {
            order.put("bytes", request.bytes());
        }
        String model = request.profile().map(p -> p + ":" + request.model()).orElse(request.model());
        return json.writeValueAsBytes(Map.of(
                "model", model, "messages", List.of(Map.of("role", "user", "content", "a stand-in")), "demo", order));
    }
}
