package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import java.util.Optional;

/**
 * Why a process that could serve takes no new request.
 *
 * @param claimedFor another model whose turn it is
 * @param stale its settings are of an older configuration; it leaves when its requests have ended
 * @param doomed an unload of all has reached it, but not yet its turn to stop (llama-swap §5.6)
 * @param orphan it was started by an earlier server run and nobody has looked yet whether it still is there
 */
public record Gate(Optional<ModelId> claimedFor, boolean stale, boolean doomed, boolean orphan) {
    static final Gate OPEN = new Gate(Optional.empty(), false, false, false);

    /** Nothing stands in the way of a new request. */
    public boolean isOpen() {
        return !stale && !doomed && !orphan && claimedFor.isEmpty();
    }

    Gate claimed(ModelId model) {
        return new Gate(Optional.of(model), stale, doomed, orphan);
    }

    Gate released() {
        return new Gate(Optional.empty(), stale, doomed, orphan);
    }

    Gate withStale(boolean value) {
        return new Gate(claimedFor, value, doomed, orphan);
    }

    Gate withDoomed() {
        return new Gate(claimedFor, stale, true, orphan);
    }

    Gate withOrphan(boolean value) {
        return new Gate(claimedFor, stale, doomed, value);
    }
}
