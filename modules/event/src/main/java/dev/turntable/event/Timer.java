package dev.turntable.event;

/** A moment the core asked to be told of; the engine fires it as a {@link Fact.TimerFired}. */
public sealed interface Timer {
  /** The run has served nobody for its time to live. */
  record Ttl(RunId run) implements Timer {}

  /** The run had this long to become ready. */
  record StartDeadline(RunId run) implements Timer {}

  /** The run had this long to exit after the stop signal. */
  record KillDeadline(RunId run) implements Timer {}

  /** A model that failed to start may be tried again. */
  record Backoff(ModelId model) implements Timer {}

  /** The first waiting request for the model has waited as long as any may. */
  record WaitBound(ModelId model) implements Timer {}
}
