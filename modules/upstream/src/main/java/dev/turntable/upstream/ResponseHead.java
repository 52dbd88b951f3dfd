package dev.turntable.upstream;

/** The head of an answer as the upstream wrote it. */
public record ResponseHead(int status, String reason, int minor, Headers headers) {
    /** True for an interim answer that a final one follows. */
    public boolean interim() {
        return status >= 100 && status < 200 && status != 101;
    }

    /** True when the connection may carry another request. */
    public boolean keepAlive() {
        return minor == 1 && !headers.hasToken("Connection", "close");
    }
}
