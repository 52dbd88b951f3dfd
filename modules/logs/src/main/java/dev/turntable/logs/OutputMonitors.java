package dev.turntable.logs;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What of the upstream output is in memory: a history and its readers for each model, and for all of them together. A history is filled
 * from disk when its model is first heard of. Guarded by the store's lock, which readers take to come and go.
 */
final class OutputMonitors {
    /** Models whose last output is held in memory (25 MiB at most); others are read from disk when somebody asks. */
    static final int LIMIT = 256;

    private final ReentrantLock lock;
    private final Function<Predicate<RunId>, byte[]> recall;
    private final Map<ModelId, Monitor> models = new LinkedHashMap<>(16, 0.75f, true);
    private final Monitor upstream = new Monitor();
    private boolean recalled;
    private boolean ended;

    /** {@code recall} reads the last output of the wanted runs from disk. */
    OutputMonitors(ReentrantLock lock, Function<Predicate<RunId>, byte[]> recall) {
        this.lock = lock;
        this.recall = recall;
    }

    /** The model's, or the one of all when empty. To be called before new output is written to disk, or it would be heard twice. */
    Monitor monitor(Optional<ModelId> model) {
        if (model.isEmpty()) {
            if (!recalled) {
                recalled = true;
                upstream.recall(recall.apply(_ -> true));
            }
            return upstream;
        }
        Monitor known = models.get(model.get());
        if (known != null) {
            return known;
        }
        if (models.size() >= LIMIT) {
            models.entrySet().stream()
                    .filter(e -> e.getValue().idle())
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .ifPresent(models::remove);
        }
        Monitor fresh = new Monitor();
        fresh.recall(recall.apply(run -> run.model().equals(model.get())));
        models.put(model.get(), fresh);
        return fresh;
    }

    byte[] history(Optional<ModelId> model) {
        lock.lock();
        try {
            return monitor(model).history();
        } finally {
            lock.unlock();
        }
    }

    LogListener listen(Optional<ModelId> model, boolean withHistory) {
        lock.lock();
        try {
            LogListener listener = monitor(model).listen(withHistory, leaving -> leave(model, leaving));
            if (ended) {
                listener.end();
            }
            return listener;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Optional<ModelId> model, LogListener listener) {
        lock.lock();
        try {
            monitor(model).leave(listener);
        } finally {
            lock.unlock();
        }
    }

    /** Ends every reader, now and from now on. */
    void end() {
        lock.lock();
        try {
            ended = true;
            models.values().forEach(Monitor::end);
            upstream.end();
        } finally {
            lock.unlock();
        }
    }
}
