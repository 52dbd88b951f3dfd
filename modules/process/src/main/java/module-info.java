/**
 * The process room: operating-system processes, by order of the journal.
 *
 * <p>It starts upstream commands in a session of their own, hands their output on, asks them whether they are ready, notices their exit
 * at once, stops and kills whole groups, and at the start of the server finds out what became of those an earlier run left behind. It
 * decides nothing: orders come from the journal, and what happens goes out as facts through {@link
 * dev.turntable.process.ProcessFacts}. The hidden package adapts the C library and {@code /proc} of Linux; it needs {@code
 * --enable-native-access=dev.turntable.process}.
 *
 * <p>Start reading at {@link dev.turntable.process.Processes}, then {@code Launcher}, {@code Readiness} and {@code Supervisor}.
 */
module dev.turntable.process {
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.journal;

    exports dev.turntable.process;
}
