package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.journal.Journal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Knows which model a request asked for: its arrival says it, the events after that do not. Safe from any thread. */
final class RequestModels {
    /** Requests remembered; of others the arrival is looked up. */
    private static final int LIMIT = 16_384;

    /** Blocks read to find one arrival: it lies near, or the journal has thrown it away. */
    private static final int SEARCH_LIMIT = 16;

    private final Journal journal;
    private final CommitIndex index;
    private final Blocks blocks;
    private final Map<RequestId, Optional<ModelId>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RequestId, Optional<ModelId>> eldest) {
            return size() > LIMIT;
        }
    };

    RequestModels(Journal journal, CommitIndex index, Blocks blocks) {
        this.journal = journal;
        this.index = index;
        this.blocks = blocks;
    }

    /** The links of event {@code n}, with the model of its request. */
    Links links(Commit commit, int n) {
        Links links = Links.of(commit.event(n));
        return links.model().isPresent() || links.request().isEmpty()
                ? links
                : links.about(of(links.request().get(), commit.seq()));
    }

    private Optional<ModelId> of(RequestId request, long seq) {
        synchronized (known) {
            Optional<ModelId> before = known.get(request);
            if (before != null) {
                return before;
            }
        }
        search(request, seq);
        synchronized (known) {
            return known.computeIfAbsent(request, _ -> Optional.empty());
        }
    }

    /** Remembers every arrival of the blocks it reads: a page asks for many of the same. */
    private void search(RequestId request, long seq) {
        HistoryFilter arrival = HistoryFilter.ofRequest(request).ofTypes("request.arrived");
        long lowest = CommitIndex.blockOf(Math.max(1, journal.earliest()));
        Optional<Long> block = index.previous(arrival, CommitIndex.blockOf(seq), lowest);
        for (int reads = 0; block.isPresent() && reads < SEARCH_LIMIT; reads++) {
            boolean found = false;
            for (Commit commit : blocks.get(block.get())) {
                if (commit.fact() instanceof Fact.RequestArrived arrived) {
                    found |= arrived.request().equals(request);
                    synchronized (known) {
                        known.put(arrived.request(), Optional.of(arrived.model()));
                    }
                }
            }
            if (found) {
                return;
            }
            block = index.previous(arrival, block.get() - 1, lowest);
        }
    }
}
