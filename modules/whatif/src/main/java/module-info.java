/**
 * What if: the record of what happened, played again under another policy.
 *
 * <p>Arrivals, service times, loads and patience come from the record; the decisions come from the real core, in virtual time, on the
 * machine that the simulator plays on. It never writes to a data folder. Start at {@link dev.turntable.whatif.WhatIf}.
 */
module dev.turntable.whatif {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.fsm;
    requires transitive dev.turntable.journal;
    requires transitive com.fasterxml.jackson.core;
    requires dev.turntable.engine;
    requires dev.turntable.history;
    requires dev.turntable.sim;

    exports dev.turntable.whatif;
}
