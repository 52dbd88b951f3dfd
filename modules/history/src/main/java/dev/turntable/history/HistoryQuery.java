package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.Commit;
import dev.turntable.journal.Cursors;
import dev.turntable.journal.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers {@code GET /api/history}: pages through the journal with a filter, one event by id, its causes and what it led to.
 *
 * <p>Reads only the blocks that {@link CommitIndex} cannot rule out. Safe from any thread.
 */
public final class HistoryQuery {
    /** Blocks one page may read before it answers with what it has; {@code next} lets the client go on. */
    private static final int READ_LIMIT = 4_096;

    private final Journal journal;
    private final CommitIndex index;
    private final Blocks blocks;
    private final Causes causes;
    private final RequestModels models;

    HistoryQuery(Journal journal, CommitIndex index, Blocks blocks) {
        this.journal = journal;
        this.index = index;
        this.blocks = blocks;
        this.causes = new Causes(journal, index, blocks);
        this.models = new RequestModels(journal, index, blocks);
    }

    /**
     * A page of events. {@code next} goes on in the page's own direction (as {@code after} when ascending, as {@code before} when
     * descending) and advances even when nothing matched; {@code previous} goes the other way.
     */
    public record Page(List<ShownEvent> events, String next, String previous, String head, String earliest)
            implements Answer {
        public Page {
            events = List.copyOf(events);
        }

        @Override
        public void write(JsonGenerator out) throws IOException {
            out.writeStartObject();
            out.writeArrayFieldStart("events");
            for (ShownEvent event : events) {
                event.write(out);
            }
            out.writeEndArray();
            out.writeStringField("next", next);
            out.writeStringField("previous", previous);
            out.writeStringField("head", head);
            out.writeStringField("earliest", earliest);
            out.writeEndObject();
        }
    }

    /** An event, what it follows from up to the root, and what followed from it. */
    public record Chain(ShownEvent event, List<ShownEvent> causes, List<ShownEvent> consequences) implements Answer {
        public Chain {
            causes = List.copyOf(causes);
            consequences = List.copyOf(consequences);
        }

        @Override
        public void write(JsonGenerator out) throws IOException {
            out.writeStartObject();
            out.writeFieldName("event");
            event.write(out);
            out.writeArrayFieldStart("causes");
            for (ShownEvent cause : causes) {
                cause.write(out);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("consequences");
            for (ShownEvent consequence : consequences) {
                consequence.write(out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    /** The page that the filter asks for. Throws {@link HistoryException}: 400, 404, 409 or 410. */
    public Page page(HistoryFilter filter) {
        Bounds bounds = Bounds.of(filter, journal);
        Walk walk = new Walk(filter, bounds);
        return filter.descending() ? walk.down() : walk.up();
    }

    /** The event with this {@code seq.n}. Throws {@link HistoryException}: 400, 404 or 410. */
    public ShownEvent event(String id) {
        Cursors.Position at = position(id);
        return shown(blocks.commit(at.seq()), at.n());
    }

    /** The event with this id, its causes and consequences. Throws {@link HistoryException}: 400, 404 or 410. */
    public Chain chain(String id) {
        ShownEvent event = event(id);
        List<ShownEvent> up = new ArrayList<>();
        Optional<Cursors.Position> cause = causes.of(blocks.commit(event.seq()), event.n());
        while (cause.isPresent()) {
            Commit commit = blocks.commit(cause.get().seq());
            up.add(shown(commit, cause.get().n()));
            cause = causes.of(commit, cause.get().n());
        }
        List<ShownEvent> down = causes.consequences(new Cursors.Position(event.seq(), event.n())).stream()
                .map(at -> shown(blocks.commit(at.seq()), at.n()))
                .toList();
        return new Chain(event, up, down);
    }

    /** Event {@code n} of the commit as clients see it. */
    ShownEvent shown(Commit commit, int n) {
        return ShownEvent.of(
                commit,
                n,
                models.links(commit, n),
                journal.cursors().of(commit.seq(), n),
                causes.of(commit, n).map(at -> at.seq() + "." + at.n()));
    }

    private Cursors.Position position(String id) {
        String[] parts = id.split("\\.", -1);
        if (parts.length != 2 || !parts[0].matches("\\d{1,18}") || !parts[1].matches("\\d{1,9}")) {
            throw HistoryFilter.bad("invalid event id '" + id + "': a commit's seq, a dot, a number");
        }
        Cursors.Position at = new Cursors.Position(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        Bounds.checkKept(at.seq(), journal, "event " + id);
        if (at.n() > blocks.commit(at.seq()).decisions().size()) {
            throw new HistoryException(HistoryException.Code.NOT_FOUND, "event " + id + " was never issued");
        }
        return at;
    }

    /** One pass for one page. */
    private final class Walk {
        private final HistoryFilter filter;
        private final Bounds bounds;
        private final List<ShownEvent> found = new ArrayList<>();
        private int reads;

        Walk(HistoryFilter filter, Bounds bounds) {
            this.filter = filter;
            this.bounds = bounds;
        }

        Page up() {
            Cursors.Position reached = bounds.after();
            long block = CommitIndex.blockOf(Math.max(1, bounds.firstSeq()));
            long highest = CommitIndex.blockOf(bounds.lastSeq());
            Optional<Long> candidate = index.next(filter, block, highest);
            while (found.size() < filter.limit() && candidate.isPresent() && reads++ < READ_LIMIT) {
                for (Commit commit : blocks.get(candidate.get())) {
                    for (int n = 0; n <= commit.decisions().size() && found.size() < filter.limit(); n++) {
                        Cursors.Position at = new Cursors.Position(commit.seq(), n);
                        if (bounds.holds(commit, n)) {
                            reached = at;
                            take(commit, n);
                        }
                    }
                }
                candidate = index.next(filter, candidate.get() + 1, highest);
            }
            boolean exhausted = found.size() < filter.limit() && reads < READ_LIMIT;
            String next = exhausted ? bounds.upperCursor() : cursor(reached);
            return page(
                    next,
                    found.isEmpty() ? cursor(bounds.after()) : found.getFirst().cursor());
        }

        Page down() {
            Cursors.Position reached = bounds.before();
            long lowest = CommitIndex.blockOf(Math.max(1, bounds.firstSeq()));
            Optional<Long> candidate =
                    index.previous(filter, CommitIndex.blockOf(Math.max(1, bounds.lastSeq())), lowest);
            while (found.size() < filter.limit() && candidate.isPresent() && reads++ < READ_LIMIT) {
                for (Commit commit : blocks.get(candidate.get()).reversed()) {
                    for (int n = commit.decisions().size(); n >= 0 && found.size() < filter.limit(); n--) {
                        if (bounds.holds(commit, n)) {
                            reached = new Cursors.Position(commit.seq(), n);
                            take(commit, n);
                        }
                    }
                }
                candidate = index.previous(filter, candidate.get() - 1, lowest);
            }
            boolean exhausted = found.size() < filter.limit() && reads < READ_LIMIT;
            String next = exhausted ? cursor(bounds.after()) : cursor(reached);
            return page(
                    next,
                    found.isEmpty() ? bounds.upperCursor() : found.getFirst().cursor());
        }

        private void take(Commit commit, int n) {
            if (filter.matches(commit, n, () -> models.links(commit, n))) {
                found.add(shown(commit, n));
            }
        }

        private String cursor(Cursors.Position at) {
            return journal.cursors().of(at.seq(), at.n());
        }

        private Page page(String next, String previous) {
            return new Page(found, next, previous, bounds.headCursor(), bounds.earliestCursor());
        }
    }
}
