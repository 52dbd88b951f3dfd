/**
 * The front door: {@code main}, the command line, the settings, and the one composition root that wires all rooms together.
 *
 * <p>It knows every room and holds no logic of its own: what a command does is a few lines here and a class elsewhere. Nothing may
 * require this module. Start at {@link dev.turntable.app.Main}; a command is one class in {@code dev.turntable.app.cli}, listed in
 * its {@code Commands}.
 */
module dev.turntable.app {
    // Our rooms.
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
    requires transitive dev.turntable.whatif;
    requires transitive dev.turntable.demo;

    // The server and its settings.
    requires io.helidon.common.configurable;
    requires io.helidon.common.pki;
    requires io.helidon.common.tls;
    requires io.helidon.config;
    requires io.helidon.webserver;

    // What Helidon Metrics needs and does not say: it names this one with `requires static`.
    requires micrometer.registry.prometheus.simpleclient;

    // The command line, and the signals that stop and reload.
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires jdk.unsupported;

    opens dev.turntable.app.cli to
            info.picocli;
}
