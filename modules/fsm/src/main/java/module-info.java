/**
 * The pure core: given the state of the yard, a fact and the time, it says what follows. It decides who waits, who is served, what is
 * started and what is stopped, for every situation (llama-swap §4, §5; docs/state-machine.md).
 *
 * <p>Nothing in this room knows a clock, a thread, a lock, a file, a logger or chance: time arrives as a parameter, and everything it
 * concludes leaves as decisions. The same facts give the same decisions on every machine, for ever.
 *
 * <p>Start reading at {@link dev.turntable.fsm.Core}, then {@link dev.turntable.fsm.Yard}; the life of a process is the table in
 * {@code ProcessTable}, the rules of §5.3 are in {@code Scheduler}.
 *
 * <pre>{@code
 * Verdict verdict = Core.decide(yard, fact, now);
 * for (Decision d : verdict.decisions()) { … }
 * yard = verdict.next();
 * }</pre>
 */
module dev.turntable.fsm {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.config;

    exports dev.turntable.fsm;
}
