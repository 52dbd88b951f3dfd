/**
 * Questions about the past: what happened, in which order, why, how long it took, and what the state was.
 *
 * <p>It reads and follows the journal and never writes to it. Begin reading at {@link dev.turntable.history.History}, the one door; behind
 * it lie {@link dev.turntable.history.HistoryQuery} (pages, causes), {@link dev.turntable.history.HistoryStream} (past and live as one),
 * {@link dev.turntable.history.Swaps} (timelines) and {@link dev.turntable.history.Activity} (rows and statistics).
 */
module dev.turntable.history {
    requires transitive dev.turntable.event;
    requires transitive dev.turntable.config;
    requires transitive dev.turntable.journal;
    requires transitive dev.turntable.fsm;
    requires transitive com.fasterxml.jackson.core;

    exports dev.turntable.history;
}
