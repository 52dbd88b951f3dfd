package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The past, as far as the journal holds it: one follower that keeps the read models, and the doors to each.
 *
 * <p>Ask for a door anew for each question: {@link #activity}, {@link #swaps} and {@link #loadTimes} first wait (at most two seconds) until
 * everything appended before the call has been folded in, so a client always reads its own writes. The models are saved to one file
 * now and then and at the end; a start reads it and follows from there.
 */
public final class History implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(History.class.getName());

    /** Commits between two saves of the read models. */
    private static final int SAVE_EVERY = 100_000;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOKING = Duration.ofHours(1);

    private final Journal journal;
    private final Optional<Path> saveTo;
    private final Duration patience;
    private final CommitIndex index = new CommitIndex();
    private final HistoryQuery query;
    private final Swaps swaps;
    private final Why why;
    private final StateAt state;
    private final Activity activity = new Activity();
    private final LoadTimes loadTimes = new LoadTimes();
    private final OpenRequests requests = new OpenRequests();
    private final Seen seen = new Seen();
    private final Object folding = new Object();
    private volatile Optional<Journal.Follower> follower = Optional.empty();
    private Thread starting = Thread.currentThread();
    private long savedAt;

    private History(Journal journal, Optional<Path> saveTo, int rows, Duration patience) {
        this.journal = journal;
        this.saveTo = saveTo;
        this.patience = patience;
        this.query = new HistoryQuery(journal, index, new Blocks(journal));
        this.swaps = new Swaps(journal, query);
        this.why = new Why(query, swaps);
        this.state = new StateAt(journal);
        activity.keep(rows);
    }

    /** Follows the journal; the read models are kept in {@code file} between runs. {@code rows} as in {@link #keepRows}. */
    public static History open(Journal journal, Path file, int rows) {
        return new History(journal, Optional.of(file), rows, PATIENCE).start(Optional.of(file));
    }

    /** Follows the journal and keeps nothing on disk: for tests. */
    public static History open(Journal journal) {
        return new History(journal, Optional.empty(), 0, PATIENCE).start(Optional.empty());
    }

    /** Looks into a folder that belongs to somebody else: uses the saved read models, writes nothing, and waits as long as it takes. */
    public static History look(Journal journal, Path file) {
        return new History(journal, Optional.empty(), Activity.MAX_ROWS, LOOKING).start(Optional.of(file));
    }

    /** Loads and begins to follow on a thread of its own, so that a start need not wait for the file. */
    private History start(Optional<Path> file) {
        starting = Thread.ofVirtual().name("history-start").start(() -> begin(file));
        return this;
    }

    private void begin(Optional<Path> file) {
        savedAt = Math.max(1, journal.earliest()) - 1;
        file.flatMap(path -> SavedModels.load(path, journal)).ifPresent(this::restore);
        seen.reached(savedAt);
        follower = Optional.of(journal.follow("history", savedAt + 1, this::fold));
    }

    private void restore(SavedModels saved) {
        index.take(saved.index());
        activity.restore(saved.models().activity());
        swaps.restore(saved.models().swaps());
        loadTimes.restore(saved.models().loads());
        requests.restore(saved.models().open());
        savedAt = saved.seq();
    }

    private void fold(Commit commit) {
        synchronized (folding) {
            requests.before(commit);
            index.add(commit, requests);
            activity.add(commit, requests);
            swaps.add(commit, requests);
            loadTimes.add(commit);
            requests.after(commit);
        }
        seen.reached(commit.seq());
        if (commit.seq() - savedAt >= SAVE_EVERY) {
            save(commit.seq());
        }
    }

    /** Pages, single events, causes. */
    public HistoryQuery query() {
        return query;
    }

    /** Swap timelines, up to now. Throws {@link HistoryException} NOT_READY while an old journal is still being folded. */
    public Swaps swaps() {
        catchUp();
        return swaps;
    }

    /** Activity rows and statistics, up to now. Throws {@link HistoryException} NOT_READY while an old journal is still being folded. */
    public Activity activity() {
        catchUp();
        return activity;
    }

    /** Plain answers, up to now. Throws {@link HistoryException} NOT_READY while an old journal is still being folded. */
    public Why why() {
        catchUp();
        return why;
    }

    /** The state at any moment. */
    public StateAt state() {
        return state;
    }

    /** Usual load times; never waits. */
    public LoadTimes loadTimes() {
        return loadTimes;
    }

    /** Rows that {@link Activity} keeps: {@code metricsMaxInMemory}. Never waits. */
    public void keepRows(int count) {
        activity.keep(count);
    }

    /** Tells the ids of activity rows as they are stored; never waits. See {@link Activity#subscribe}. */
    public Activity.Subscription onRow(LongConsumer listener) {
        return activity.subscribe(listener);
    }

    /** A live reader; see {@link HistoryStream}. Throws {@link HistoryException}: 400, 404, 409. */
    public HistoryStream stream(Optional<String> lastEventId, Map<String, List<String>> parameters) {
        return HistoryStream.open(journal, query, seen, lastEventId, parameters);
    }

    /** Ends the live readers: the first step of a shutdown. */
    public void endStreams() {
        seen.close();
    }

    private void catchUp() {
        long head = journal.head();
        try {
            if (seen.seq() < head) {
                seen.await(head, patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (seen.seq() < head) {
            throw new HistoryException(
                    HistoryException.Code.NOT_READY,
                    "the history is still being read from the journal; try again in a moment");
        }
    }

    private void save(long seq) {
        savedAt = seq;
        if (saveTo.isEmpty() || seq < 1) {
            return;
        }
        try {
            SavedModels.Models models;
            synchronized (folding) {
                models = new SavedModels.Models(activity.saved(), swaps.saved(), loadTimes.saved(), requests.all());
            }
            new SavedModels(seq, index, models).save(saveTo.get(), journal);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "read models not saved, the next start folds the journal: " + e.getMessage());
        }
    }

    /** Ends the live readers, stops following and saves the read models. Leaves the journal open. */
    @Override
    public void close() {
        seen.close();
        try {
            starting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        follower.ifPresent(Journal.Follower::close);
        save(seen.seq());
    }
}
