/** The logs room. */
module dev.turntable.logs {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.journal;
}
