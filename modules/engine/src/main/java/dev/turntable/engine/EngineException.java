package dev.turntable.engine;

/** The Conductor could not go on; {@link #code()} says why. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        /** An invariant of the core does not hold any more: an error of ours. Crash, fold, go on. */
        BROKEN,
        /** The journal can no longer be folded to the state it claims: commits are missing. */
        UNFOLDABLE,
        /** It was closed. */
        CLOSED
    }

    private final Code code;

    public EngineException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public EngineException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
