/** The history room. */
module dev.turntable.history {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.config;
  requires transitive dev.turntable.journal;
  requires transitive dev.turntable.fsm;
}
