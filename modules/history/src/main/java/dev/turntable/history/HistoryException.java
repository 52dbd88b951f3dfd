package dev.turntable.history;

import java.util.Optional;

/** A question about the past that has no answer; {@link #code()} is stable and names the HTTP status (docs/http-api.md). */
public final class HistoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why there is no answer. */
    public enum Code {
        /** The question makes no sense. */
        BAD_FILTER(400),
        /** The id was never issued. */
        NOT_FOUND(404),
        /** The cursor belongs to another journal. */
        OTHER_LINEAGE(409),
        /** It was once on record, but is older than what is kept; {@link HistoryException#earliest} says what is. */
        GONE(410),
        /** The read models are still being built from the journal; ask again. */
        NOT_READY(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        /** The HTTP status that says the same. */
        public int status() {
            return status;
        }
    }

    private final Code code;
    private final String earliest;

    HistoryException(Code code, String message) {
        this(code, message, "");
    }

    HistoryException(Code code, String message, String earliest) {
        super(message);
        this.code = code;
        this.earliest = earliest;
    }

    public Code code() {
        return code;
    }

    /** Cursor of the oldest event still kept, for {@link Code#GONE}. */
    public Optional<String> earliest() {
        return earliest.isEmpty() ? Optional.empty() : Optional.of(earliest);
    }
}
