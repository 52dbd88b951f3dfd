package dev.turntable.logs;

import dev.turntable.event.Commit;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of one commit. */
final class Sheet {
    private final Commit commit;
    private final Level least;
    private final List<LogLine> lines = new ArrayList<>(2);

    Sheet(Commit commit, Level least) {
        this.commit = commit;
        this.least = least;
    }

    /** Whether a line of this level is kept; to be asked before building one for every request. */
    boolean wants(Level level) {
        return level.compareTo(least) >= 0;
    }

    Commit commit() {
        return commit;
    }

    /** A line that llama-swap has too, word for word: nothing may follow it. */
    void add(Level level, String text) {
        if (wants(level)) {
            lines.add(new LogLine(commit.time(), level, text));
        }
    }

    /** A line of our own about the life cycle; it names its commit, where the whole story is. */
    void own(Level level, String text) {
        if (wants(level)) {
            add(level, text + " seq=" + commit.seq());
        }
    }

    List<LogLine> lines() {
        return lines;
    }
}
