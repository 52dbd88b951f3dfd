package dev.turntable.fsm;

import dev.turntable.event.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * An order to leave.
 *
 * @param ordered when it was given
 * @param killAt when the next kill is due
 * @param killed a kill was ordered already
 */
public record Stop(Reason reason, Instant ordered, Instant killAt, boolean killed) {
    Stop shifted(Duration by) {
        return new Stop(reason, ordered.plus(by), killAt.plus(by), killed);
    }
}
