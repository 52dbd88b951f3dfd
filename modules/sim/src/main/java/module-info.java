/**
 * The simulator, and the demo upstream.
 *
 * <p>The simulator runs the real core, Conductor and journal in a world of simulated clients and processes with one seed and a
 * virtual clock. It may not touch a real clock, process or network. The demo upstream, in the hidden package
 * {@code dev.turntable.sim.upstream}, is the opposite: a real little server to try the product with and to test it against; it is
 * started as a process of its own and shares nothing with the simulator. Start at
 * {@link dev.turntable.sim.Simulator} or at {@link dev.turntable.sim.DemoUpstream}.
 */
module dev.turntable.sim {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.fsm;
    requires transitive dev.turntable.engine;
    requires transitive dev.turntable.journal;
    requires com.fasterxml.jackson.core;
    requires java.logging;

    exports dev.turntable.sim;
}
