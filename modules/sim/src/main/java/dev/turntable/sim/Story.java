package dev.turntable.sim;

import java.time.Duration;

/** Takes down what happens in a world, for people who want to read it. */
interface Story {
    /** Nobody reads it. */
    Story UNTOLD = (_, _) -> {};

    /** {@code at} is the world's time. */
    void tell(Duration at, String what);
}
