package dev.turntable.process;

/** The machine does not let this room do its work. */
public final class ProcessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
