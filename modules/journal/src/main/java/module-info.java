/** The journal room. */
module dev.turntable.journal {
  requires transitive dev.turntable.event;

  exports dev.turntable.journal;
}
