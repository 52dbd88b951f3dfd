package dev.turntable.logs;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.RunId;
import dev.turntable.journal.Journal;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Every stream a person can read, with its history from before the last restart and its live tail; standard output is one reader of
 * the combined one.
 *
 * <p>Follows the journal on a follower's thread and owns the thread that writes standard output. Writers never wait for readers.
 */
public final class LogStreams implements AutoCloseable {
    /** Commits before this server run that are rendered again for the history; about 100 KiB of lines. */
    static final int REPLAYED_COMMITS = 4_096;

    /** How long a reader of the history waits for the newest lines; under heavy load it gets those of a moment ago. */
    private static final Duration FRESHNESS = Duration.ofSeconds(1);

    /** Lines of a process that failed to start that are shown in the proxy's log. */
    static final int LAST_WORDS = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Journal journal;
    private final OutputStore output;
    private final ProxyLog renderer;
    private final StdoutMode mode;
    private final long liveFrom;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progressed = lock.newCondition();
    private final CountDownLatch live = new CountDownLatch(1);
    private final Monitor proxy = new Monitor();
    private final Monitor mux = new Monitor();
    private final List<Past> past = new ArrayList<>();
    private final List<byte[]> early = new ArrayList<>();
    private final LogListener forStdout;
    private final StdoutPump stdout;
    private volatile LogSettings settings;
    private Optional<Journal.Follower> follower = Optional.empty();
    private long seen;
    private boolean ended;

    /** Something written before this server run. */
    private record Past(Instant time, byte[] bytes, boolean ours) {}

    private LogStreams(
            Journal journal,
            OutputStore output,
            LogSettings settings,
            StartCommands commands,
            OutputStream out,
            long liveFrom) {
        this.journal = journal;
        this.output = output;
        this.settings = settings;
        this.mode = settings.stdout();
        this.renderer = new ProxyLog(commands);
        this.liveFrom = liveFrom;
        this.forStdout = mux.listen(false, _ -> {});
        this.stdout = new StdoutPump(forStdout, out);
    }

    /**
     * Begins to follow.
     *
     * @param liveFrom the seq from which commits belong to this server run; older ones become history and never reach standard output
     */
    public static LogStreams open(
            Journal journal,
            OutputStore output,
            LogSettings settings,
            StartCommands commands,
            OutputStream stdout,
            long liveFrom) {
        LogStreams streams = new LogStreams(journal, output, settings, commands, stdout, liveFrom);
        streams.start();
        return streams;
    }

    private void start() {
        LogFormatter.applyEverywhere(settings);
        stdout.start();
        if (mode.upstream()) {
            output.tap(this::upstream).forEach(r -> past.add(new Past(r.time(), r.payload(), false)));
        }
        long from = Math.max(Math.max(1, journal.earliest()), liveFrom - REPLAYED_COMMITS);
        seen = from - 1;
        if (seen >= liveFrom - 1) {
            goLive();
        }
        follower = Optional.of(journal.follow("logs", from, this::follow));
    }

    /** Level and time stamps of a new configuration; {@code logToStdout} stays as it was at start (llama-swap §1.5). */
    public void apply(LogSettings changed) {
        settings = changed;
        LogFormatter.applyEverywhere(changed);
    }

    /** The last 100 KiB of the stream. */
    public byte[] history(LogSource source) {
        return switch (source) {
            case LogSource.Mux _ -> ofOurs(mux);
            case LogSource.Proxy _ -> ofOurs(proxy);
            case LogSource.Upstream _ -> output.history(Optional.empty());
            case LogSource.OfModel of -> output.history(Optional.of(of.model()));
        };
    }

    /** What the run printed between the two moments, as far as that is kept. */
    public byte[] output(RunId run, Instant from, Instant to) {
        return output.between(run, from, to);
    }

    /** A reader of the stream, from its history or from now on. Close it when the client leaves. */
    public LogListener listen(LogSource source, boolean withHistory) {
        return switch (source) {
            case LogSource.Mux _ -> listenToOurs(mux, withHistory);
            case LogSource.Proxy _ -> listenToOurs(proxy, withHistory);
            case LogSource.Upstream _ -> output.listen(Optional.empty(), withHistory);
            case LogSource.OfModel of -> output.listen(Optional.of(of.model()), withHistory);
        };
    }

    private byte[] ofOurs(Monitor monitor) {
        awaitLive();
        lock.lock();
        try {
            return monitor.history();
        } finally {
            lock.unlock();
        }
    }

    private LogListener listenToOurs(Monitor monitor, boolean withHistory) {
        awaitLive();
        lock.lock();
        try {
            LogListener listener = monitor.listen(withHistory, leaving -> leave(monitor, leaving));
            if (ended) {
                listener.end();
            }
            return listener;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Monitor monitor, LogListener listener) {
        lock.lock();
        try {
            monitor.leave(listener);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the histories are filled and hold what is on record by now, so that a client finds the line of what it just did. */
    private void awaitLive() {
        try {
            live.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            awaitHead(FRESHNESS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Commit commit) {
        boolean isLive = commit.seq() >= liveFrom;
        if (isLive && live.getCount() > 0) {
            goLive();
        }
        LogSettings now = settings;
        StringBuilder text = new StringBuilder();
        for (LogLine line : renderer.render(commit, now.level())) {
            text.append(now.render(line));
        }
        if (isLive) {
            lastWords(commit).forEach(line -> text.append(now.render(line)));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (isLive) {
            publish(bytes);
            ProxyLog.inModelStream(commit).ifPresent(line -> {
                byte[] own = line.text().getBytes(StandardCharsets.UTF_8);
                output.append(line.run(), own, own.length);
            });
        } else if (bytes.length > 0) {
            past.add(new Past(commit.time(), bytes, true));
        }
        lock.lock();
        try {
            seen = commit.seq();
            progressed.signalAll();
        } finally {
            lock.unlock();
        }
        if (seen == liveFrom - 1) {
            goLive();
        }
    }

    /** What a process printed before its start failed: the reason most people look for. */
    private List<LogLine> lastWords(Commit commit) {
        List<LogLine> lines = new ArrayList<>();
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.SwapFailed failed
                    && settings.level().compareTo(Level.INFO) <= 0) {
                String scope = "<" + failed.run().model() + "> | ";
                output.lastLines(failed.run(), LAST_WORDS)
                        .forEach(line -> lines.add(new LogLine(commit.time(), Level.INFO, scope + line)));
            }
        }
        return lines;
    }

    private void publish(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        lock.lock();
        try {
            proxy.push(bytes);
            if (mode.proxy()) {
                mux.push(bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Fills the histories from the past, in the order of time, lets readers in, and hands on what was printed meanwhile. */
    private void goLive() {
        lock.lock();
        try {
            past.stream().filter(Past::ours).forEach(p -> proxy.recall(p.bytes()));
            past.stream()
                    .filter(p -> !p.ours() || mode.proxy())
                    .sorted(Comparator.comparing(Past::time))
                    .forEach(p -> mux.recall(p.bytes()));
            past.clear();
            early.forEach(mux::push);
            early.clear();
            live.countDown();
        } finally {
            lock.unlock();
        }
    }

    private void upstream(RunId run, byte[] bytes) {
        lock.lock();
        try {
            if (live.getCount() == 0) {
                mux.push(bytes);
            } else if (early.size() < HandOff.LIMIT_WRITES) {
                early.add(bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends every reader but standard output, and lets no new one wait: the first step of a shutdown. */
    public void endReaders() {
        lock.lock();
        try {
            ended = true;
            proxy.end();
            mux.endAllBut(forStdout);
        } finally {
            lock.unlock();
        }
        output.endReaders();
    }

    /** Renders what the journal holds by now, writes it to standard output, ends every reader. Leaves journal and output store open. */
    @Override
    public void close() {
        endReaders();
        try {
            awaitHead(PATIENCE);
            follower.ifPresent(Journal.Follower::close);
            output.awaitStored();
            stdout.close(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitHead(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        long head = journal.head();
        lock.lockInterruptibly();
        try {
            while (seen < head && nanos > 0) {
                nanos = progressed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
