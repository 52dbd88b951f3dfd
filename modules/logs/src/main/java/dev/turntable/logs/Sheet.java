package dev.turntable.logs;

import dev.turntable.event.Commit;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of one commit. */
final class Sheet {
    private final Commit commit;
    private final List<LogLine> lines = new ArrayList<>();

    Sheet(Commit commit) {
        this.commit = commit;
    }

    Commit commit() {
        return commit;
    }

    /** A line that llama-swap has too, word for word: nothing may follow it. */
    void add(Level level, String text) {
        lines.add(new LogLine(commit.time(), level, text));
    }

    /** A line of our own about the life cycle; it names its commit, where the whole story is. */
    void own(Level level, String text) {
        add(level, text + " seq=" + commit.seq());
    }

    List<LogLine> lines() {
        return List.copyOf(lines);
    }
}
