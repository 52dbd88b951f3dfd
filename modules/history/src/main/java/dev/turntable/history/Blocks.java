package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.journal.Journal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the journal a block at a time, through a small cache, since a page and its causes come back to the same ones. */
final class Blocks {
    /** Full blocks kept decoded, a few megabytes. */
    private static final int CACHE_LIMIT = 48;

    private final Journal journal;
    private final Map<Long, List<Commit>> cache = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<Commit>> eldest) {
            return size() > CACHE_LIMIT;
        }
    };

    Blocks(Journal journal) {
        this.journal = journal;
    }

    /** The commits of this block that are still kept, in order. */
    List<Commit> get(long block) {
        synchronized (cache) {
            List<Commit> known = cache.get(block);
            if (known != null) {
                return known;
            }
        }
        long first = Math.max(Math.max(1, journal.earliest()), block * CommitIndex.BLOCK);
        long end = (block + 1) * CommitIndex.BLOCK;
        List<Commit> commits = new ArrayList<>(CommitIndex.BLOCK);
        if (first < end && first <= journal.head()) {
            try (Journal.Reader reader = journal.read(first)) {
                while (reader.hasNext() && first < end) {
                    Commit commit = reader.next();
                    if (commit.seq() < end) {
                        commits.add(commit);
                    }
                    first = commit.seq() + 1;
                }
            }
        }
        boolean full = !commits.isEmpty() && commits.getLast().seq() == end - 1;
        if (full) {
            synchronized (cache) {
                cache.put(block, commits);
            }
        }
        return commits;
    }

    /** The commit with this seq, which must be kept. */
    Commit commit(long seq) {
        return get(CommitIndex.blockOf(seq)).stream()
                .filter(commit -> commit.seq() == seq)
                .findFirst()
                .orElseThrow(() -> new HistoryException(HistoryException.Code.NOT_FOUND, "no commit " + seq));
    }
}
