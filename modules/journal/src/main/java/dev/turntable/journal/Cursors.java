package dev.turntable.journal;

/** Opaque, ordered positions for clients; they name the journal's lineage, so that a wiped journal is never taken for the old one. */
public interface Cursors {
    String of(long seq, int n);

    /** Throws {@link BadCursorException} for text that never was a cursor, or one of another lineage. */
    Position parse(String cursor);

    /** Event {@code n} of commit {@code seq}. */
    record Position(long seq, int n) {}

    /** The cursor cannot be used; {@code otherLineage} tells a foreign one (409) from nonsense (400). */
    final class BadCursorException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean otherLineage;

        public BadCursorException(String message, boolean otherLineage) {
            super(message);
            this.otherLineage = otherLineage;
        }

        public boolean otherLineage() {
            return otherLineage;
        }
    }
}
