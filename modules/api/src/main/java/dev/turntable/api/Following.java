package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.history.Activity;
import dev.turntable.history.HistoryException;
import dev.turntable.journal.Journal;
import java.time.Duration;
import java.util.List;

/**
 * The part of the control plane that lives between requests: it follows the journal, tells listeners, counts, samples the machine.
 *
 * <p>Owns two followers of the journal; the first tells, the second counts, so that counting never holds up what people see.
 */
final class Following implements AutoCloseable {
    /** After a reload the page is told of all models again, when the dust has settled (llama-swap §3.8). */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    /** A new listener waits this long at most for the followers to come up to now. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Following.class.getName());

    private final ControlPlane.Parts parts;
    private final LiveStreams streams;
    private final RunWatch runs;
    private final EventHub hub;
    private final EventSources sources;
    private final Activity.Subscription rows;
    private final Performance performance;
    private final MeterBook meters = new MeterBook();
    private final Metrics metrics;
    private final Journal.Follower follower;
    private final Journal.Follower counter;

    Following(ControlPlane.Parts parts) {
        this.parts = parts;
        this.streams = new LiveStreams(
                () -> parts.config().current().turntable().limits().subscribers());
        // The head first: what happens between the two reads is then seen twice, and never missed.
        long head = parts.journal().head();
        List<Core.Running> running = parts.core().running();
        this.runs = new RunWatch(running, head);
        this.hub = new EventHub(
                parts.current(),
                new Messages(parts.zone()),
                running,
                parts.core().activeProfile());
        this.sources = new EventSources(hub, parts.logs(), parts.inFlight());
        this.rows = parts.history().onRow(this::stored);
        this.performance = new Performance(parts.config().current(), parts.clock(), parts.zone());
        this.metrics = new Metrics(meters, this::gauges);
        this.follower = parts.journal().follow("control-plane", head + 1, this::on);
        this.counter = parts.journal().follow("metrics", head + 1, metrics::on);
    }

    LiveStreams streams() {
        return streams;
    }

    RunWatch runs() {
        return runs;
    }

    EventHub hub() {
        return hub;
    }

    MeterBook meters() {
        return meters;
    }

    Performance performance() {
        return performance;
    }

    /**
     * Waits a moment until everything on the record by now has been told, so that a new listener hears of what comes and not of what was.
     * Returns the head it waited for.
     */
    long settle() throws InterruptedException {
        long head = parts.journal().head();
        runs.awaitSeen(head, FRESH);
        try {
            parts.history().activity();
        } catch (HistoryException stillReading) {
            LOG.log(System.Logger.Level.DEBUG, "a listener comes while the history is being read", stillReading);
        }
        return head;
    }

    private void on(Commit commit) {
        hub.on(commit);
        runs.on(commit); // last: who waits for this commit finds it told
        if (commit.fact() instanceof Fact.ConfigApplied applied
                && !applied.origin().equals("start")) {
            reloaded(commit.seq());
        }
    }

    private void reloaded(long seq) {
        Config now = parts.config().current();
        streams.endOlderThan(seq);
        performance.reloaded(now);
        parts.history().keepRows(now.metricsMaxInMemory());
        Thread.ofVirtual().name("after-reload").start(() -> {
            try {
                Thread.sleep(SETTLED);
                hub.publish(hub.modelStatus());
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void stored(long row) {
        if (hub.anybody()) {
            hub.publish(hub.messages().activity(row));
        }
    }

    private void gauges() {
        Gauges.register(meters, parts, runs, metrics, streams);
    }

    @Override
    public void close() {
        streams.close();
        parts.logs().endReaders();
        parts.history().endStreams();
        sources.close();
        rows.close();
        performance.close();
        follower.close();
        counter.close();
        meters.close();
    }
}
