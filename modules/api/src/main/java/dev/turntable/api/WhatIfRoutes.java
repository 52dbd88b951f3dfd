package dev.turntable.api;

import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.RecordCodec;
import dev.turntable.whatif.Candidate;
import dev.turntable.whatif.Comparison;
import dev.turntable.whatif.Watcher;
import dev.turntable.whatif.WhatIf;
import dev.turntable.whatif.WhatIfException;
import io.helidon.http.Status;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code /api/whatif}: plays the record again under other policies, beside the server's own work. One at a time, for a minute at most, on one
 * processor and over so many requests; it ends early, with a partial answer, when somebody says {@code DELETE} or hangs up.
 */
final class WhatIfRoutes {
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_CANDIDATES = 4;
    private static final int MAX_REQUESTS = 200_000;
    private static final Duration MAX_TIME = Duration.ofMinutes(1);
    private static final Duration BETWEEN_NEWS = Duration.ofMillis(250);
    private static final RecordCodec<Asked> ASKED = RecordCodec.of(Asked.class, MethodHandles.lookup());

    private final Journal journal;
    private final ConfigControl config;
    private final AtomicReference<Run> running = new AtomicReference<>();

    WhatIfRoutes(Journal journal, ConfigControl config) {
        this.journal = journal;
        this.config = config;
    }

    /** The body of {@code POST /api/whatif}. */
    record Asked(Optional<String> from, Optional<String> to, List<Tried> candidates, List<String> assume) {}

    /** A candidate: a whole configuration, or changes to what was in force. */
    record Tried(Optional<String> name, Optional<String> config, Optional<String> set) {}

    /** One that is under way. */
    private static final class Run implements Watcher {
        private final long until = System.nanoTime() + MAX_TIME.toNanos();
        private final CompletableFuture<Comparison> answer = new CompletableFuture<>();
        private volatile boolean enough;
        private volatile String news = "";

        @Override
        public boolean hasEnough() {
            return enough || System.nanoTime() - until > 0;
        }

        @Override
        public void progress(String what, double share) {
            news = Json.text(out -> {
                out.writeStartObject();
                out.writeStringField("what", what);
                out.writeNumberField("share", Math.round(share * 1_000) / 1_000.0);
                out.writeEndObject();
            });
        }
    }

    void ask(Call call) throws IOException, InterruptedException {
        WhatIf.Question question = question(call);
        Run run = new Run();
        if (!running.compareAndSet(null, run)) {
            throw ApiException.unavailable("another question of that kind is being answered", 5);
        }
        Thread.ofPlatform().daemon().name("whatif").start(() -> {
            try {
                run.answer.complete(new WhatIf(journal, config::sources).ask(question, run));
            } catch (RuntimeException | Error e) {
                run.answer.completeExceptionally(e);
            } finally {
                running.set(null);
            }
        });
        if (call.accept().contains("text/event-stream")) {
            stream(call, run);
        } else {
            Answers.send(
                    call, Status.OK_200, "application/json", await(run).json().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** {@code DELETE /api/whatif}: whoever asked gets what there is. */
    void end(Call call) {
        Optional.ofNullable(running.get()).ifPresent(run -> run.enough = true);
        Answers.done(call);
    }

    private static WhatIf.Question question(Call call) throws IOException {
        byte[] body = call.exchange().content().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new ApiException(
                    Status.REQUEST_ENTITY_TOO_LARGE_413, "the body is longer than " + MAX_BODY + " bytes");
        }
        try {
            Asked asked = ASKED.decode(body);
            if (asked.candidates().size() > MAX_CANDIDATES) {
                throw ApiException.bad("at most " + MAX_CANDIDATES + " candidates");
            }
            List<Candidate> candidates = new ArrayList<>();
            for (Tried tried : asked.candidates()) {
                candidates.add(candidate(tried, candidates.size() + 1));
            }
            return new WhatIf.Question(
                    asked.from().orElse("7d"), asked.to(), candidates, asked.assume(), 1, 1, MAX_REQUESTS);
        } catch (JournalException unreadable) {
            throw ApiException.bad(unreadable.getMessage());
        } catch (WhatIfException refused) {
            throw refusal(refused);
        }
    }

    private static Candidate candidate(Tried tried, int number) {
        if (tried.config().isPresent() == tried.set().isPresent()) {
            throw ApiException.bad("a candidate has either a config or a set");
        }
        return tried.config().isPresent()
                ? Candidate.text(
                        tried.name().orElse("candidate " + number),
                        tried.config().get())
                : Candidate.changed(tried.set().get(), System.getenv());
    }

    private static ApiException refusal(WhatIfException e) {
        Status status =
                switch (e.kind()) {
                    case REFUSED, ONE_SIDED -> Status.create(422, "Unprocessable Entity");
                    case USAGE -> Status.BAD_REQUEST_400;
                    case NOTHING -> Status.NOT_FOUND_404;
                    case UNREADABLE, INTERRUPTED -> Status.INTERNAL_SERVER_ERROR_500;
                };
        return new ApiException(status, e.getMessage());
    }

    private static Comparison await(Run run) throws InterruptedException {
        try {
            return run.answer.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case WhatIfException refused -> refusal(refused);
            case RuntimeException other -> other;
            default -> new IllegalStateException(e.getCause());
        };
    }

    /** News while it is under way, then the answer; a client that hangs up ends it. */
    private static void stream(Call call, Run run) throws InterruptedException {
        boolean whole = false;
        try (StreamedAnswer answer =
                new StreamedAnswer(call, "text/event-stream").header("Cache-Control", "no-cache")) {
            answer.begin();
            while (!run.answer.isDone()) {
                try {
                    run.answer.get(BETWEEN_NEWS.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException yet) {
                    answer.send(event("progress", run.news.isEmpty() ? "{}" : run.news));
                } catch (ExecutionException e) {
                    break; // told below
                }
            }
            answer.send(last(run));
            whole = true;
        } finally {
            run.enough = !whole || run.enough;
        }
    }

    private static byte[] last(Run run) throws InterruptedException {
        try {
            return event("answer", run.answer.get().json().strip());
        } catch (ExecutionException e) {
            RuntimeException failure = failure(e);
            return event("error", Json.text(out -> {
                out.writeStartObject();
                out.writeStringField("error", failure.getMessage());
                out.writeEndObject();
            }));
        }
    }

    private static byte[] event(String name, String data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
