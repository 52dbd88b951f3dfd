package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.Commit;
import dev.turntable.event.ModelId;
import dev.turntable.event.SwapId;
import dev.turntable.journal.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The audit list of swaps and the timeline of each. The newest {@value #KEPT} are kept folded; older ones are folded again from the
 * journal when somebody asks. Safe from any thread.
 */
public final class Swaps {
    static final int KEPT = 500;

    /** Swaps on a page unless asked otherwise, and at most. */
    public static final int DEFAULT_LIMIT = 50;

    public static final int MAX_LIMIT = 200;

    /** Commits before a swap's begin that are read to find its waiters' arrivals, and after its end to find its first byte. */
    private static final int MARGIN = 2_048;

    private static final int LONGEST = 65_536;

    private final SwapTracker tracker = new SwapTracker(KEPT);
    private final Journal journal;
    private final HistoryQuery query;

    Swaps(Journal journal, HistoryQuery query) {
        this.journal = journal;
        this.query = query;
    }

    /** Swaps, newest first; {@code next} is the id to give as {@code before} for the page behind it. */
    public record Page(List<Swap> swaps, Optional<SwapId> next) implements Answer {
        public Page {
            swaps = List.copyOf(swaps);
        }

        @Override
        public void write(JsonGenerator out) throws IOException {
            out.writeStartObject();
            out.writeArrayFieldStart("swaps");
            for (Swap swap : swaps) {
                swap.write(out);
            }
            out.writeEndArray();
            if (next.isPresent()) {
                out.writeStringField("next", next.get().toString());
            }
            out.writeEndObject();
        }
    }

    /** Reads {@code model}, {@code before} (a swap's id) and {@code limit}, and answers. Throws {@link HistoryException}. */
    public Page list(Map<String, List<String>> parameters) {
        HistoryFilter read = HistoryFilter.parse(onlyKnown(parameters));
        Optional<SwapId> before = parameters.getOrDefault("before", List.of()).stream()
                .filter(text -> !text.isBlank())
                .findFirst()
                .map(Swaps::id);
        int limit = parameters.containsKey("limit") ? Math.min(MAX_LIMIT, read.limit()) : DEFAULT_LIMIT;
        return list(read.model(), before, limit);
    }

    private static Map<String, List<String>> onlyKnown(Map<String, List<String>> parameters) {
        parameters.keySet().stream()
                .filter(name -> !List.of("model", "before", "limit").contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw HistoryFilter.bad("unknown parameter '" + name + "'; known are model, before, limit");
                });
        return Map.of(
                "model",
                parameters.getOrDefault("model", List.of()),
                "limit",
                parameters.getOrDefault("limit", List.of()));
    }

    static SwapId id(String text) {
        try {
            return SwapId.parse(text);
        } catch (IllegalArgumentException e) {
            throw HistoryFilter.bad("invalid swap id '" + text + "'");
        }
    }

    /** A page of swaps into {@code model}, if one is given, older than {@code before}, if one is given. */
    public Page list(Optional<ModelId> model, Optional<SwapId> before, int limit) {
        List<Swap> kept;
        synchronized (tracker) {
            kept = tracker.all().reversed();
        }
        List<Swap> found = new ArrayList<>();
        kept.stream()
                .filter(swap -> before.isEmpty() || swap.id().compareTo(before.get()) < 0)
                .filter(swap -> model.isEmpty() || swap.run().model().equals(model.get()))
                .limit(limit)
                .forEach(found::add);
        if (found.size() < limit && kept.size() >= KEPT) {
            SwapId reach = kept.getLast().id();
            SwapId older = before.filter(id -> id.compareTo(reach) < 0).orElse(reach);
            found.addAll(fromJournal(model, older, limit - found.size()));
        }
        return new Page(
                found, found.size() == limit ? Optional.of(found.getLast().id()) : Optional.empty());
    }

    private List<Swap> fromJournal(Optional<ModelId> model, SwapId before, int limit) {
        HistoryFilter started = new HistoryFilter(
                Optional.empty(),
                find(before).map(event -> event.cursor()),
                Optional.empty(),
                Optional.empty(),
                List.of("swap.started"),
                model,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                limit);
        return query.page(started).events().stream()
                .map(this::fold)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The timeline of one swap. Throws {@link HistoryException}: 400, 404 (or 410, when it is older than what is kept). */
    public Swap get(String id) {
        SwapId wanted = id(id);
        synchronized (tracker) {
            Optional<Swap> known = tracker.get(wanted);
            if (known.isPresent()) {
                return known.get();
            }
        }
        return find(wanted)
                .flatMap(this::fold)
                .orElseThrow(() ->
                        new HistoryException(HistoryException.Code.NOT_FOUND, "no swap " + wanted + " is on record"));
    }

    private Optional<ShownEvent> find(SwapId swap) {
        return query.page(HistoryFilter.ofSwap(swap)).events().stream()
                .filter(event -> event.event().type().equals("swap.started"))
                .findFirst();
    }

    private Optional<Swap> fold(ShownEvent started) {
        SwapTracker own = new SwapTracker(KEPT);
        OpenRequests requests = new OpenRequests();
        SwapId id = started.links().swap().orElseThrow();
        long left = Long.MAX_VALUE;
        try (Journal.Reader reader = journal.read(Math.max(journal.earliest(), started.seq() - MARGIN))) {
            for (int read = 0; reader.hasNext() && left > 0 && read < LONGEST; read++) {
                Commit commit = reader.next();
                take(own, requests, commit);
                Optional<Swap> swap = own.get(id);
                boolean over = swap.isPresent() && !swap.get().outcome().equals("running");
                left = over ? Math.min(left, MARGIN) - 1 : left;
                if (over && swap.get().step("first_byte").isPresent()) {
                    return swap;
                }
            }
        }
        return own.get(id);
    }

    /** Takes in the next commit; {@code requests} has seen its decisions already. */
    void add(Commit commit, OpenRequests requests) {
        synchronized (tracker) {
            tracker.add(commit, requests);
        }
    }

    private static void take(SwapTracker tracker, OpenRequests requests, Commit commit) {
        requests.before(commit);
        tracker.add(commit, requests);
        requests.after(commit);
    }

    List<Swap> saved() {
        synchronized (tracker) {
            return tracker.all();
        }
    }

    void restore(List<Swap> saved) {
        synchronized (tracker) {
            tracker.restore(saved);
        }
    }
}
