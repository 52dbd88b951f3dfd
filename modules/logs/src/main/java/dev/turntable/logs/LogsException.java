package dev.turntable.logs;

/** The output store could not be opened or read; {@link #code()} is stable. */
public final class LogsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        UNREADABLE,
        UNWRITABLE
    }

    private final Code code;

    public LogsException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
