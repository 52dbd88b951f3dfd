/** The fsm room. */
module dev.turntable.fsm {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.config;
}
