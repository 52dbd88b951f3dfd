package dev.turntable.fsm;

import dev.turntable.event.Decision;
import java.util.List;

/** What follows from one fact: the decisions, and the yard after fact and decisions. */
public record Verdict(List<Decision> decisions, Yard next) {
    public Verdict {
        decisions = List.copyOf(decisions);
    }
}
