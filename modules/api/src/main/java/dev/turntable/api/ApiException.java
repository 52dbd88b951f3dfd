package dev.turntable.api;

import io.helidon.http.Status;
import java.util.Map;

/** A request to the control plane that is refused with a status and a message; the dispatcher turns it into the negotiated error body. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient Map<String, String> headers;

    private ApiException(Status status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status.code();
        this.headers = headers;
    }

    ApiException(Status status, String message) {
        this(status, message, Map.of());
    }

    static ApiException bad(String message) {
        return new ApiException(Status.BAD_REQUEST_400, message);
    }

    static ApiException notFound(String message) {
        return new ApiException(Status.NOT_FOUND_404, message);
    }

    static ApiException unavailable(String message, int retryAfterSeconds) {
        return new ApiException(
                Status.SERVICE_UNAVAILABLE_503, message, Map.of("Retry-After", Integer.toString(retryAfterSeconds)));
    }

    Status status() {
        return Status.create(status);
    }

    Map<String, String> headers() {
        return headers;
    }
}
