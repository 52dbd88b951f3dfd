package dev.turntable.event;

/** A moment the core asked to be told of; the engine fires it as a {@link Fact.TimerFired}. */
public sealed interface Timer {
    /** The run has served nobody for its time to live. */
    @WireName("ttl")
    record Ttl(RunId run) implements Timer {}

    /** The run had this long to become ready. */
    @WireName("start_deadline")
    record StartDeadline(RunId run) implements Timer {}

    /** The run had this long to exit after the stop signal. */
    @WireName("kill_deadline")
    record KillDeadline(RunId run) implements Timer {}

    /** The run has kept its place for a moment after its last answer, although another model waits for it (docs/decisions/0010-bounded-wait.md). */
    @WireName("linger")
    record Linger(RunId run) implements Timer {}

    /** The first waiting request for the model has waited as long as any may. */
    @WireName("wait_bound")
    record WaitBound(ModelId model) implements Timer {}
}
