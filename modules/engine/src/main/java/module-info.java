/** The engine room. */
module dev.turntable.engine {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.fsm;
  requires transitive dev.turntable.journal;
}
