package dev.turntable.fsm;

import dev.turntable.event.Actor;
import java.time.Instant;

/** An operator keeps the machine free: everything drains and stops, nothing starts until it is lifted. */
public record Hold(Actor by, String note, Instant since) {}
