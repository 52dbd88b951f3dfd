/** The process room. */
module dev.turntable.process {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.config;
  requires transitive dev.turntable.journal;

  exports dev.turntable.process;
}
