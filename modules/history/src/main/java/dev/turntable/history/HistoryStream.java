package dev.turntable.history;

import dev.turntable.journal.Cursors;
import dev.turntable.journal.Journal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One reader of {@code GET /api/history/stream}: the past from a cursor, then what is appended, as one sequence without a gap.
 *
 * <p>It reads the journal when it is asked, so a slow client costs nothing but its own time, and falls behind at worst until what it
 * wants is no longer kept: then it gets a {@link Reset}. Belongs to one thread.
 */
public final class HistoryStream {
    /** Between two signs of life, and commits skipped by the filter after which a client is told how far it is. */
    static final Duration BOOKMARK_EVERY = Duration.ofSeconds(15);

    static final int BOOKMARK_AFTER = 1_024;

    private static final int READ_AHEAD = 128;

    private final Journal journal;
    private final HistoryQuery query;
    private final Seen seen;
    private final HistoryFilter filter;
    private final Deque<ShownEvent> ready = new ArrayDeque<>();
    private Cursors.Position at;
    private long toldSeq;
    private long toldNanos;
    private boolean over;

    HistoryStream(Journal journal, HistoryQuery query, Seen seen, HistoryFilter filter, Cursors.Position from) {
        this.journal = journal;
        this.query = query;
        this.seen = seen;
        this.filter = filter;
        this.at = from;
        this.toldSeq = from.seq();
        this.toldNanos = System.nanoTime();
    }

    /** What a client is sent. */
    public sealed interface Item {
        /** The item as a server-sent event, ready to write. */
        byte[] frame();
    }

    /** One event; its cursor is the id to resume from. */
    public record Happened(ShownEvent event) implements Item {
        @Override
        public byte[] frame() {
            return sse(
                    "id: " + event.cursor() + "\nevent: " + event.event().type(),
                    new String(event.json(), StandardCharsets.UTF_8));
        }
    }

    /** Nothing of interest up to here; resuming from this cursor misses nothing. */
    public record Bookmark(String cursor) implements Item {
        @Override
        public byte[] frame() {
            return sse("id: " + cursor + "\nevent: bookmark", "{\"cursor\":\"" + cursor + "\"}");
        }
    }

    /** What the client wants next is not kept any more; it must begin again from {@code earliest}. The last item. */
    public record Reset(String reason, String earliest) implements Item {
        @Override
        public byte[] frame() {
            return sse("event: reset", "{\"reason\":\"" + reason + "\",\"earliest\":\"" + earliest + "\"}");
        }
    }

    private static byte[] sse(String head, String data) {
        return (head + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Where a client wants to begin: {@code Last-Event-ID} wins over {@code after}; {@code from=earliest} is the oldest kept; with none of
     * them it is what comes next. Throws {@link HistoryException}: 400, 404, 409.
     */
    static HistoryStream open(
            Journal journal,
            HistoryQuery query,
            Seen seen,
            Optional<String> lastEventId,
            Map<String, List<String>> parameters) {
        Map<String, List<String>> others = new TreeMap<>(parameters);
        boolean fromEarliest = others.getOrDefault("from", List.of()).contains("earliest");
        if (fromEarliest) {
            others.remove("from");
        }
        lastEventId.filter(id -> !id.isBlank()).ifPresent(id -> others.put("after", List.of(id)));
        for (String name : List.of("before", "to", "order", "limit")) {
            if (others.containsKey(name)) {
                throw HistoryFilter.bad("parameter '" + name + "' makes no sense for a stream");
            }
        }
        HistoryFilter filter = HistoryFilter.parse(others);
        Cursors.Position head = new Cursors.Position(journal.head(), Integer.MAX_VALUE);
        Cursors.Position earliest = new Cursors.Position(Math.max(1, journal.earliest()) - 1, Integer.MAX_VALUE);
        Cursors.Position from = filter.after()
                .map(cursor -> Bounds.position(cursor, journal))
                .orElse(fromEarliest || filter.from().isPresent() ? earliest : head);
        return new HistoryStream(journal, query, seen, filter, from);
    }

    /** The next item, waiting for it at most this long. Empty when there was none; {@link #over} says whether there will ever be one. */
    public Optional<Item> next(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!over) {
            Optional<Item> item = now();
            if (item.isPresent()) {
                return item;
            }
            long bookmark = toldNanos + BOOKMARK_EVERY.toNanos();
            long left = Math.min(deadline, bookmark) - System.nanoTime();
            if (left > 0) {
                over = !seen.await(at.seq() + 1, Duration.ofNanos(left));
            } else if (System.nanoTime() - bookmark >= 0) {
                return Optional.of(told(new Bookmark(cursor())));
            } else {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** True after a reset, or when the server ends. */
    public boolean over() {
        return over;
    }

    private Optional<Item> now() {
        while (ready.isEmpty() && at.seq() < seen.seq()) {
            if (at.seq() < journal.earliest() - 1) {
                over = true;
                return Optional.of(new Reset("gone", journal.cursors().of(journal.earliest(), 0)));
            }
            HistoryQuery.Page page = query.page(filter.after(cursor(), READ_AHEAD));
            ready.addAll(page.events());
            Cursors.Position reached = journal.cursors().parse(page.next());
            if (page.events().isEmpty()) {
                at = reached;
                if (at.seq() - toldSeq >= BOOKMARK_AFTER) {
                    return Optional.of(told(new Bookmark(cursor())));
                }
            }
        }
        ShownEvent event = ready.poll();
        if (event == null) {
            return Optional.empty();
        }
        at = new Cursors.Position(event.seq(), event.n());
        return Optional.of(told(new Happened(event)));
    }

    private Item told(Item item) {
        toldSeq = at.seq();
        toldNanos = System.nanoTime();
        return item;
    }

    private String cursor() {
        return journal.cursors().of(at.seq(), at.n());
    }
}
