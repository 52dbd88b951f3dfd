/** The api room. */
module dev.turntable.api {
  requires transitive dev.turntable.event;
  requires transitive dev.turntable.config;
  requires transitive dev.turntable.engine;
  requires transitive dev.turntable.history;
  requires transitive dev.turntable.logs;
  requires transitive dev.turntable.proxy;
}
