package dev.turntable.journal;

/** The journal could not do what was asked; {@link #code()} is stable and says which kind of failure it was. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        IN_USE,
        UNREADABLE,
        DAMAGED,
        TOO_LARGE,
        DISK_FULL,
        CLOSED,
        FAILED
    }

    private final Code code;

    public JournalException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public JournalException(Code code, String message) {
        this(code, message, null);
    }

    public Code code() {
        return code;
    }
}
