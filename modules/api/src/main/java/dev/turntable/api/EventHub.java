package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ProcessState;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Tells every listener of {@code /api/events} what happens, as a follower of the journal; nobody ever waits for a listener.
 *
 * <p>States are folded here from the state changes themselves, so that each message shows the moment of its change and no state is skipped.
 */
final class EventHub {
    private static final System.Logger LOG = System.getLogger(EventHub.class.getName());

    private final Supplier<Config> config;
    private final Messages messages;
    private final Map<String, ProcessState> states = new HashMap<>();
    private Optional<String> profile;
    private final Set<Mailbox> listeners = ConcurrentHashMap.newKeySet();

    EventHub(Supplier<Config> config, Messages messages, List<Core.Running> running, Optional<String> profile) {
        this.config = config;
        this.messages = messages;
        running.forEach(r -> states.put(r.run().model().value(), r.state()));
        this.profile = profile;
    }

    Messages messages() {
        return messages;
    }

    void join(Mailbox listener) {
        listeners.add(listener);
    }

    void leave(Mailbox listener) {
        listeners.remove(listener);
    }

    boolean anybody() {
        return !listeners.isEmpty();
    }

    /** Hands a message to everybody who listens now. */
    void publish(byte[] message) {
        for (Mailbox listener : listeners) {
            if (!listener.offer(message) && Long.bitCount(listener.dropped()) == 1) {
                // Said at 1, 2, 4, 8 … lost messages: a stuck reader is worth a line, not a flood.
                LOG.log(Level.WARNING, "a listener of /api/events is too slow: {0} messages lost", listener.dropped());
            }
        }
    }

    /** All models with the states as they stand after the last commit seen. */
    byte[] modelStatus() {
        Map<String, ProcessState> now;
        synchronized (states) {
            now = Map.copyOf(states);
        }
        return messages.modelStatus(config.get(), now);
    }

    byte[] profileChanged() {
        synchronized (states) {
            return messages.profileChanged(profile);
        }
    }

    /** Takes in one commit; called in order by a follower of the journal. */
    void on(Commit commit) {
        switch (commit.fact()) {
            case Fact.ProfileActivated activated -> {
                select(activated.profile());
                tell(this::profileChanged);
                tell(this::modelStatus);
            }
            default -> {
                // Other facts show in the decisions they cause.
            }
        }
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.ProfileEnded) {
                select(Optional.empty());
                tell(this::profileChanged);
                tell(this::modelStatus);
            }
            if (decision instanceof Decision.StateChanged changed) {
                synchronized (states) {
                    if (RunWatch.gone(changed.to())) {
                        states.remove(changed.run().model().value());
                    } else {
                        states.put(changed.run().model().value(), changed.to());
                    }
                }
                tell(this::modelStatus);
            }
        }
    }

    private void select(Optional<String> active) {
        synchronized (states) {
            profile = active;
        }
    }

    private void tell(Supplier<byte[]> message) {
        if (anybody()) {
            publish(message.get());
        }
    }
}
