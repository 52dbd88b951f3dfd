/**
 * The simulator: the real core, Conductor and journal in a world of simulated clients and processes.
 *
 * <p>One seed and a virtual clock decide everything, so a failure can be played again. It may not touch a real clock, process or
 * network. Start at {@link dev.turntable.sim.Simulator}.
 */
module dev.turntable.sim {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.fsm;
    requires transitive dev.turntable.engine;
    requires transitive dev.turntable.journal;
    requires java.logging;

    exports dev.turntable.sim;
    exports dev.turntable.sim.machine;
}
