package dev.turntable.proxy.forward;

import dev.turntable.event.Actor;
import dev.turntable.event.Stage;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.upstream.UpstreamConnection;
import java.time.Duration;
import java.util.Optional;

/** One model request on its way: what it waits for now, and how to end it from another thread. */
public final class Call {
    /** Who ended it before its answer was complete. */
    enum Ended {
        NO,
        CLIENT_GONE,
        CANCELLED
    }

    private final Exchange exchange;
    private volatile Ended ended = Ended.NO;
    private volatile Actor endedBy = Actor.REQUEST;
    private volatile Stage stage = Stage.QUEUED;
    private Optional<Admission.Pending> pending = Optional.empty();
    private Optional<UpstreamConnection> upstream = Optional.empty();
    private Optional<Duration> firstByte = Optional.empty();
    private boolean watching;
    private boolean over;

    Call(Exchange exchange) {
        this.exchange = exchange;
    }

    Exchange exchange() {
        return exchange;
    }

    Ended ended() {
        return ended;
    }

    Stage stage() {
        return stage;
    }

    void stage(Stage now) {
        stage = now;
    }

    /** Asks to be told when the client leaves; from here on it costs a thread. */
    synchronized void watch() {
        if (!watching && !over) {
            watching = true;
            exchange.onGone(() -> end(Ended.CLIENT_GONE, Actor.REQUEST));
        }
    }

    /** The end: whoever would watch now comes too late. */
    synchronized void unwatch() {
        over = true;
        if (watching) {
            exchange.quiet();
        }
    }

    synchronized void waits(Admission.Pending on) {
        pending = Optional.of(on);
        if (ended != Ended.NO) {
            on.abandon(stage, ended == Ended.CLIENT_GONE ? Actor.REQUEST : Actor.OPERATOR);
        }
    }

    synchronized void granted() {
        pending = Optional.empty();
        stage = Stage.PREFILL;
    }

    /** The connection to close when the request ends early. */
    synchronized void uses(UpstreamConnection connection) {
        upstream = Optional.of(connection);
        if (ended != Ended.NO) {
            connection.close();
        }
    }

    synchronized void released() {
        upstream = Optional.empty();
    }

    /** The first byte of the answer came. */
    void answered() {
        if (firstByte.isEmpty()) {
            firstByte = Optional.of(Duration.ofNanos(System.nanoTime() - exchange.startNanos()));
        }
        stage = Stage.STREAMING;
    }

    public Optional<Duration> firstByte() {
        return firstByte;
    }

    /** Ends the request from any thread; the first to call decides how. */
    synchronized void end(Ended how, Actor by) {
        if (ended == Ended.NO) {
            ended = how;
            endedBy = by;
            pending.ifPresent(p -> p.abandon(waitingStage(p), by));
            upstream.ifPresent(UpstreamConnection::close);
        }
    }

    /**
     * When the time of a stopping server is over its handlers are interrupted, which closes what they read: the request is cancelled then,
     * through no fault of the upstream.
     */
    void endIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            end(Ended.CANCELLED, Actor.SHUTDOWN);
        }
    }

    /** Ends it whatever it waits for, the client's reading too; nothing happens when it is over. */
    synchronized void breakOff(Actor by) {
        if (!over) {
            end(Ended.CANCELLED, by);
            exchange.shut();
        }
    }

    /** It ended because our time is over. */
    boolean isEndedByStop() {
        return ended == Ended.CANCELLED && endedBy.equals(Actor.SHUTDOWN);
    }

    private Stage waitingStage(Admission.Pending on) {
        return on.queuePosition().isPresent() ? Stage.QUEUED : Stage.LOADING;
    }
}
