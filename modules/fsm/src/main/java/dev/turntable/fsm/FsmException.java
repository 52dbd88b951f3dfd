package dev.turntable.fsm;

/** A state that must not be: an error of ours, never the user's. */
public final class FsmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FsmException(String message) {
        super(message);
    }
}
