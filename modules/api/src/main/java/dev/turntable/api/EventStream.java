package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.logs.LogSource;
import dev.turntable.logs.LogStreams;
import dev.turntable.proxy.activity.InFlight;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /api/events}: first what is, then what happens (llama-swap §3.8). */
final class EventStream {
    private static final int MAX_MESSAGES = 1_024;
    /** A message can be as large as the log's history; this many bytes may wait for one listener. */
    private static final long MAX_BYTES = 8 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Config> config;
    private final EventHub hub;
    private final LogStreams logs;
    private final InFlight inFlight;
    private final LiveStreams streams;
    private final Settling settling;

    /** Waits until what is on the record has been told, and gives the seq it waited for. */
    @FunctionalInterface
    interface Settling {
        long settle() throws InterruptedException;
    }

    EventStream(
            Supplier<Config> config,
            EventHub hub,
            LogStreams logs,
            InFlight inFlight,
            LiveStreams streams,
            Settling settling) {
        this.config = config;
        this.hub = hub;
        this.logs = logs;
        this.inFlight = inFlight;
        this.streams = streams;
        this.settling = settling;
    }

    void listen(Call call) throws InterruptedException {
        Mailbox mailbox = new Mailbox(MAX_MESSAGES, MAX_BYTES, this::present);
        try (LiveStreams.Open _ = streams.enter(call, settling.settle(), mailbox::end)) {
            hub.join(mailbox);
            answer(call, mailbox);
        } finally {
            hub.leave(mailbox);
        }
    }

    private void answer(Call call, Mailbox mailbox) throws InterruptedException {
        try (StreamedAnswer answer = new StreamedAnswer(call, "text/event-stream")
                .header("Cache-Control", "no-cache")
                .header("Connection", "keep-alive")) {
            Messages messages = hub.messages();
            answer.send(messages.log("proxy", logs.history(new LogSource.Proxy())));
            answer.send(messages.log("upstream", logs.history(new LogSource.Upstream())));
            answer.send(hub.modelStatus());
            answer.send(messages.uiConfig(config.get()));
            answer.send(hub.profileChanged());
            answer.send(messages.inFlight(inFlight.snapshot()));
            while (!mailbox.over()) {
                Optional<byte[]> message = mailbox.next(PATIENCE);
                message.ifPresent(answer::send);
            }
        }
    }

    /** What a listener that lost messages must know to be right again: everything but the text of logs, and rows it can ask for. */
    private byte[] present() {
        ByteArrayOutputStream present = new ByteArrayOutputStream();
        present.writeBytes(hub.modelStatus());
        present.writeBytes(hub.profileChanged());
        present.writeBytes(hub.messages().inFlight(inFlight.snapshot()));
        return present.toByteArray();
    }
}
