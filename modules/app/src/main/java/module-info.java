/** The app room. */
module dev.turntable.app {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.config;
  requires transitive dev.turntable.fsm;
  requires transitive dev.turntable.journal;
  requires transitive dev.turntable.engine;
  requires transitive dev.turntable.process;
  requires transitive dev.turntable.logs;
  requires transitive dev.turntable.history;
  requires transitive dev.turntable.proxy;
  requires transitive dev.turntable.ui;
  requires transitive dev.turntable.api;
  requires transitive dev.turntable.sim;
}
