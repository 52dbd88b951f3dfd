package dev.turntable.fsm;

import dev.turntable.event.Timer;
import java.time.Instant;

/** A moment the yard wants to be told of. */
public record Due(Timer timer, Instant at) {}
