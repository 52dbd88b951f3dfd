/** The sim room. */
module dev.turntable.sim {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.config;
  requires transitive dev.turntable.fsm;
  requires transitive dev.turntable.engine;
  requires transitive dev.turntable.journal;
}
