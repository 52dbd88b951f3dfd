package dev.turntable.engine;

import dev.turntable.event.Commit;
import dev.turntable.fsm.Invariants;
import dev.turntable.fsm.Yard;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the commits whose invariants are checked, and keeps the last chosen one until somebody has the time: with many models a check takes
 * far longer than a decision, and no request should wait for it. Guarded by the Conductor's lock.
 */
final class SpotCheck {
    private final int every;
    private long commits;
    private Optional<Sample> kept = Optional.empty();

    /** A commit and the states around it. */
    record Sample(Yard before, Commit commit, Yard after) {
        List<String> violations() {
            return Invariants.check(before, commit, after);
        }
    }

    /** See {@link ConductorOptions#checkEvery}. */
    SpotCheck(int every) {
        this.every = every;
    }

    /** The commit itself when it must be checked before anybody is answered; any other chosen one is kept. */
    Optional<Sample> committed(Yard before, Commit commit, Yard after) {
        if (every == 0 || ++commits % every != 0) {
            return Optional.empty();
        }
        Optional<Sample> chosen = Optional.of(new Sample(before, commit, after));
        if (every == 1) {
            return chosen;
        }
        kept = chosen;
        return Optional.empty();
    }

    boolean isDue() {
        return kept.isPresent();
    }

    Optional<Sample> take() {
        Optional<Sample> taken = kept;
        kept = Optional.empty();
        return taken;
    }
}
