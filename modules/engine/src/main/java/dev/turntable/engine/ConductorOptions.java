package dev.turntable.engine;

import java.util.function.Consumer;

/**
 * How the Conductor works.
 *
 * @param snapshotEvery commits between two snapshots; a start folds at most about so many
 * @param checkEvery every so many commits the invariants are checked; 1 checks each before anybody is answered, more a sample a moment later, 0 none
 * @param onBroken told once when a broken invariant has stopped the Conductor; called without its lock
 */
public record ConductorOptions(int snapshotEvery, int checkEvery, Consumer<EngineException> onBroken) {
    /** A snapshot every 20,000 commits, a check every 64, and nobody told. */
    public static final ConductorOptions DEFAULTS = new ConductorOptions(20_000, 64, _ -> {});

    public ConductorOptions withOnBroken(Consumer<EngineException> told) {
        return new ConductorOptions(snapshotEvery, checkEvery, told);
    }

    public ConductorOptions withCheckEvery(int commits) {
        return new ConductorOptions(snapshotEvery, commits, onBroken);
    }

    public ConductorOptions withSnapshotEvery(int commits) {
        return new ConductorOptions(commits, checkEvery, onBroken);
    }
}
