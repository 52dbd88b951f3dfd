package dev.turntable.app.cli;

import dev.turntable.whatif.Watcher;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Shows on a terminal how far the plays are, in one line that goes when they are done. */
final class Progress implements Watcher, AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000L;

    private final PrintStream err;
    private final boolean shown = System.console() != null && System.console().isTerminal();
    private final Map<String, Integer> percents = new ConcurrentSkipListMap<>();
    private volatile boolean enough;
    private long next = System.nanoTime();
    private int width;

    Progress(PrintStream err) {
        this.err = err;
    }

    void enough() {
        enough = true;
    }

    @Override
    public boolean hasEnough() {
        return enough;
    }

    @Override
    public void progress(String what, double share) {
        if (shown) {
            percents.put(what, (int) (share * 100));
            show();
        }
    }

    private synchronized void show() {
        if (System.nanoTime() - next < 0) {
            return;
        }
        next = System.nanoTime() + EVERY_NANOS;
        StringBuilder line = new StringBuilder();
        percents.forEach(
                (what, percent) -> line.append(what).append(' ').append(percent).append(" %   "));
        err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        err.flush();
        width = line.length();
    }

    @Override
    public void close() {
        clear();
    }

    synchronized void clear() {
        if (width > 0) {
            err.print("\r" + " ".repeat(width) + "\r");
            err.flush();
            width = 0;
        }
    }
}
