package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.Route;
import dev.turntable.event.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * The activity rows, folded from {@code request.arrived} and {@code request.finished}: they need no database and survive restarts, with
 * the same ids. The newest are kept, up to a count. Safe from any thread.
 */
public final class Activity {
    /** Rows kept when the configuration does not say (llama-swap's {@code metricsMaxInMemory}). */
    public static final int DEFAULT_ROWS = 1_000;

    /** Rows kept at most, whatever the configuration says: some 30 MB. */
    public static final int MAX_ROWS = 100_000;

    /** Characters of a row's model and path. */
    private static final int TEXT_LIMIT = 1_024;

    /** The status of a row whose client left before it got one. */
    private static final int CLIENT_LEFT = 499;

    private final ArrayDeque<ActivityRow> rows = new ArrayDeque<>();
    private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private int keep = DEFAULT_ROWS;
    private long lastId;

    Activity() {}

    /** A page of rows; {@code total} counts those that match, {@code totalPages} is 0 when none do. */
    public record Page(List<ActivityRow> rows, long page, int limit, long total) {
        public Page {
            rows = List.copyOf(rows);
        }

        /** Writes the page as llama-swap does; {@code captured} knows which rows still have a capture. */
        public void write(JsonGenerator out, Predicate<ActivityRow> captured, ZoneId zone) throws IOException {
            out.writeStartObject();
            out.writeArrayFieldStart("data");
            for (ActivityRow row : rows) {
                row.write(out, captured.test(row), zone);
            }
            out.writeEndArray();
            out.writeNumberField("page", page);
            out.writeNumberField("limit", limit);
            out.writeNumberField("total", total);
            out.writeNumberField("total_pages", (total + limit - 1) / limit);
            out.writeEndObject();
        }
    }

    /** Keeps this many rows from now on; 0 or less is the default (llama-swap §2.5). */
    public synchronized void keep(int count) {
        keep = count <= 0 ? DEFAULT_ROWS : Math.min(MAX_ROWS, count);
        prune();
    }

    /** The rows a filter asks for. */
    public Page page(ActivityFilter filter) {
        List<ActivityRow> matching =
                all().stream().filter(filter::matches).sorted(filter.order()).toList();
        List<ActivityRow> onPage =
                matching.stream().skip(filter.skipped()).limit(filter.limit()).toList();
        return new Page(onPage, filter.page(), filter.limit(), matching.size());
    }

    /** Statistics over all rows, or those of one model. Blanks around the name are ignored. */
    public ActivityStats stats(Optional<String> model) {
        Optional<String> wanted = model.map(String::strip).filter(name -> !name.isEmpty());
        return ActivityStats.of(all().stream()
                .filter(row -> wanted.isEmpty() || wanted.get().equals(row.model()))
                .toList());
    }

    /** The row with this id, if it is still kept. */
    public synchronized Optional<ActivityRow> row(long id) {
        return rows.stream().filter(row -> row.id() == id).findFirst();
    }

    /** Tells {@code listener} the id of every row as it is stored, on the follower's thread: it must not wait. Close to stop. */
    public Subscription subscribe(LongConsumer listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ends a subscription. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    void add(Commit commit, OpenRequests requests) {
        if (commit.fact() instanceof Fact.RequestFinished end) {
            requests.get(end.request()).flatMap(open -> row(commit, end, open)).ifPresent(this::store);
        }
    }

    /** Empty for requests that leave no row: those without an activity path, and preloads. */
    private Optional<ActivityRow> row(Commit commit, Fact.RequestFinished end, OpenRequests.Open open) {
        Fact.RequestArrived arrival = open.arrival();
        if (arrival.activityPath().isEmpty() || arrival.route() == Route.PRELOAD) {
            return Optional.empty();
        }
        SortedMap<String, String> metadata = new TreeMap<>();
        open.run()
                .filter(_ -> arrival.route() == Route.LOCAL)
                .ifPresent(_ -> metadata.put("fifo_priority", Integer.toString(open.priority())));
        arrival.selector().ifPresent(selector -> metadata.put("selector", selector));
        return Optional.of(new ActivityRow(
                nextId(),
                commit.time(),
                clipped(arrival.model().value()),
                clipped(arrival.activityPath().get()),
                end.contentType().orElse(""),
                end.status() == 0 ? CLIENT_LEFT : end.status(),
                end.tokens().orElse(Tokens.NONE),
                end.duration().toMillis(),
                end.error().filter(text -> !text.isEmpty()),
                metadata,
                end.request(),
                open.run(),
                open.admitted()
                        .map(at ->
                                OptionalLong.of(Duration.between(open.at(), at).toMillis()))
                        .orElse(OptionalLong.empty()),
                end.outcome()));
    }

    /** Clients choose names and paths; a thousand rows must not hold a thousand megabytes. */
    private static String clipped(String text) {
        return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT);
    }

    private synchronized long nextId() {
        return lastId + 1;
    }

    private void store(ActivityRow row) {
        synchronized (this) {
            lastId = row.id();
            rows.addLast(row);
            prune();
        }
        listeners.forEach(listener -> listener.accept(row.id()));
    }

    private void prune() {
        while (rows.size() > keep) {
            rows.removeFirst();
        }
    }

    private synchronized List<ActivityRow> all() {
        return List.copyOf(rows);
    }

    synchronized Saved saved() {
        return new Saved(lastId, List.copyOf(rows));
    }

    synchronized void restore(Saved saved) {
        lastId = saved.lastId();
        rows.addAll(saved.rows());
        prune();
    }

    /** What is kept on disk. */
    record Saved(long lastId, List<ActivityRow> rows) {
        Saved {
            rows = List.copyOf(rows);
        }
    }
}
