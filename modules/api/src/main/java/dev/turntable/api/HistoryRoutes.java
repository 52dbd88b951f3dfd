package dev.turntable.api;

import dev.turntable.history.Answer;
import dev.turntable.history.History;
import dev.turntable.history.HistoryFilter;
import dev.turntable.history.HistoryStream;
import dev.turntable.journal.Journal;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code /api/history…}, {@code /api/swaps…}, {@code /api/state}, {@code /api/why}, {@code /api/journal}: questions to the record, which
 * {@code history} answers.
 */
final class HistoryRoutes {
    /** How long a silent stream sleeps before it looks whether its client is still there. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Events that are there already are sent together, up to here. */
    private static final int PIECE = 64 << 10;

    private final History history;
    private final Journal journal;
    private final LiveStreams streams;

    HistoryRoutes(History history, Journal journal, LiveStreams streams) {
        this.history = history;
        this.journal = journal;
        this.streams = streams;
    }

    void page(Call call) {
        answer(call, history.query().page(HistoryFilter.parse(call.query().asMap())));
    }

    void event(Call call) {
        answer(call, history.query().event(call.variable("id")));
    }

    void causes(Call call) {
        answer(call, history.query().chain(call.variable("id")));
    }

    void swaps(Call call) {
        answer(call, history.swaps().list(call.query().asMap()));
    }

    void swap(Call call) {
        answer(call, history.swaps().get(call.variable("id")));
    }

    /** {@code GET /api/state?at=}: the fold up to a cursor or a time, or up to now. */
    void state(Call call) {
        answer(call, history.state().at(call.query().given("at")));
    }

    /** {@code GET /api/why?request=} or {@code ?model=}. */
    void why(Call call) {
        answer(call, history.why().ask(call.query().asMap()));
    }

    private static void answer(Call call, Answer answer) {
        Answers.json(call, answer::write);
    }

    /** The past from a cursor, then live. Goes on over reloads; ends when the server stops, and the client resumes from its last id. */
    void stream(Call call) throws InterruptedException {
        HistoryStream events =
                history.stream(call.header("Last-Event-ID"), call.query().asMap());
        AtomicBoolean ended = new AtomicBoolean();
        try (LiveStreams.Open _ = streams.enter(call, Long.MAX_VALUE, () -> ended.set(true));
                StreamedAnswer answer =
                        new StreamedAnswer(call, "text/event-stream").header("Cache-Control", "no-cache")) {
            answer.begin();
            while (!ended.get() && !events.over()) {
                ByteArrayOutputStream piece = new ByteArrayOutputStream();
                Optional<HistoryStream.Item> item = events.next(PATIENCE);
                while (item.isPresent()) {
                    piece.writeBytes(item.get().frame());
                    item = piece.size() < PIECE ? events.next(Duration.ZERO) : Optional.empty();
                }
                if (piece.size() > 0) {
                    answer.send(piece.toByteArray());
                }
            }
        }
    }

    /** {@code GET /api/journal}: where it begins and ends, what it weighs, who follows it. */
    void status(Call call) {
        var status = journal.status();
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeStringField("lineage", status.lineage());
            out.writeNumberField("head", status.head());
            out.writeNumberField("earliest", status.earliest());
            out.writeNumberField("epoch", status.epoch());
            out.writeArrayFieldStart("epochs");
            for (int epoch : status.epochs()) {
                out.writeNumber(epoch);
            }
            out.writeEndArray();
            out.writeNumberField("bytes", status.bytes());
            out.writeStringField("durability", status.durability());
            out.writeBooleanField("degraded", status.degraded());
            out.writeStringField("recovery", status.recovery());
            out.writeArrayFieldStart("followers");
            for (var follower : status.followers()) {
                out.writeStartObject();
                out.writeStringField("name", follower.name());
                out.writeNumberField("position", follower.position());
                out.writeNumberField("lag", follower.lag());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
