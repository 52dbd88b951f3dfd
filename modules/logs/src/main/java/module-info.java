/**
 * The text a person reads: the proxy's log rendered from the journal, and what the upstream processes printed.
 *
 * <p>It follows the journal and is handed output; it never blocks whoever writes, and decides nothing. Begin reading at {@link
 * dev.turntable.logs.ProxyLog} (commits become lines), {@link dev.turntable.logs.OutputStore} (output on disk, with short retention) and
 * {@link dev.turntable.logs.LogStreams} (history and live tail for any number of readers).
 */
module dev.turntable.logs {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.journal;
    requires transitive java.logging;

    exports dev.turntable.logs;
}
