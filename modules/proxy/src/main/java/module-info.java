/** The proxy room. */
module dev.turntable.proxy {
  requires transitive dev.turntable.config;
  requires transitive dev.turntable.event;
}
