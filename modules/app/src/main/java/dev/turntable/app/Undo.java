package dev.turntable.app;

import java.util.ArrayDeque;

/** What a start that fails half-way must close again, newest first. */
final class Undo implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Undo.class.getName());

    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

    /** Remembers that {@code part} is open. */
    <T extends AutoCloseable> T closing(T part) {
        opened.push(part);
        return part;
    }

    /** The start went well: there is nothing to undo. */
    void keep() {
        opened.clear();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.DEBUG, "while undoing a start that failed", e);
            }
        }
    }
}
