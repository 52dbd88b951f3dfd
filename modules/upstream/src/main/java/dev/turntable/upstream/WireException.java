package dev.turntable.upstream;

/** A message on the wire broke the rules of HTTP/1.1; {@code status} is what its sender is told. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public WireException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
