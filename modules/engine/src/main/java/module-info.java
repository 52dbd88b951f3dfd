/**
 * The single writer: facts come in, the core decides, the commit is appended, the state moves on, and whoever waits is woken.
 *
 * <p>This room owns the one lock of the house, the clock as the core sees it, the timers, and the fold at start. It never spawns a
 * process, never speaks HTTP, and never waits for anything but the append while it holds the lock.
 *
 * <p>Start reading at {@link dev.turntable.engine.Conductor}.
 *
 * <pre>{@code
 * try (Conductor conductor = Conductor.open(journal, EngineClock.system(), ConductorOptions.DEFAULTS)) {
 *     conductor.submit(new Fact.ServerStarted(version, pid, boot));
 *     Ticket ticket = conductor.admit(arrival);
 *     AdmissionResult result = ticket.await();
 * }
 * }</pre>
 */
module dev.turntable.engine {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.fsm;
    requires transitive dev.turntable.journal;

    exports dev.turntable.engine;
}
