package dev.turntable.fsm;

import dev.turntable.event.ProcessState;
import java.util.Optional;

/** What a process is to the core: the columns of {@link ProcessTable}, finer than the states that clients see. */
enum Standing {
    STOPPED("stopped", "there is no such process"),
    STARTING("starting", "ordered, not ready yet"),
    CANCELLED("starting", "told to leave before it was ready; shown as starting until it is gone (llama-swap §4.1)"),
    READY("ready", "it serves, or could"),
    STOPPING("stopping", "told to leave"),
    ORPHAN("as before the restart", "of an earlier server run; nobody has looked yet whether it is there"),
    SHUTDOWN("shutdown", "the server ends; nothing starts again");

    private final String shown;
    private final String meaning;

    Standing(String shown, String meaning) {
        this.shown = shown;
        this.meaning = meaning;
    }

    String shown() {
        return shown;
    }

    String meaning() {
        return meaning;
    }

    static Standing of(Optional<Run> run, Phase phase) {
        if (run.isEmpty()) {
            return phase.ends() ? SHUTDOWN : STOPPED;
        }
        if (run.get().gate().orphan()) {
            return ORPHAN;
        }
        return switch (run.get().state()) {
            case STARTING -> run.get().isLeaving() ? CANCELLED : STARTING;
            case READY -> READY;
            case STOPPING -> STOPPING;
            case STOPPED -> STOPPED;
            case SHUTDOWN -> SHUTDOWN;
        };
    }

    /** The state clients see; for an orphan the one it had. */
    ProcessState state(Optional<Run> run) {
        return run.map(Run::state).orElse(this == SHUTDOWN ? ProcessState.SHUTDOWN : ProcessState.STOPPED);
    }
}
