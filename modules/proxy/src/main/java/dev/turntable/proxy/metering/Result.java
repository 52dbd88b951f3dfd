package dev.turntable.proxy.metering;

import dev.turntable.event.Outcome;
import java.util.Optional;

/**
 * How a request ended, as the record shows it.
 *
 * @param status 0 when the client got none
 * @param error short reason of a failure, where it is not read from the answer's body
 * @param silent the record shows neither content type nor message, only the status (llama-swap §8.3)
 */
public record Result(Outcome outcome, int status, Optional<String> error, boolean silent) {
    /** The same end, but that somebody wanted it so. */
    public Result cancelled(String why) {
        return new Result(Outcome.CANCELLED, status, Optional.of(why), silent);
    }

    public static Result of(Outcome outcome, int status) {
        return new Result(outcome, status, Optional.empty(), false);
    }
}
