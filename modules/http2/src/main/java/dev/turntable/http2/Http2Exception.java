package dev.turntable.http2;

/** The client broke a rule of HTTP/2: the end of one stream, or of the connection. */
final class Http2Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int stream;

    private Http2Exception(ErrorCode code, int stream, String message) {
        super(message, null, false, false);
        this.code = code;
        this.stream = stream;
    }

    static Http2Exception connection(ErrorCode code, String message) {
        return new Http2Exception(code, 0, message);
    }

    static Http2Exception stream(int stream, ErrorCode code, String message) {
        return new Http2Exception(code, stream, message);
    }

    ErrorCode code() {
        return code;
    }

    /** The stream that ends; 0 when it is the connection. */
    int stream() {
        return stream;
    }
}
