package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.config.loading.ConfigSources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A configuration that tests swap by hand. */
final class FakeConfig implements ConfigControl {
    private volatile Config current;
    private final List<Applied> applied = new ArrayList<>();
    private Outcome next = new Outcome.Refused(List.of("models.a: cmd is required\n  at test.yaml:3:5"));

    FakeConfig(Config first) {
        current = first;
        applied.add(new Applied(first.hash(), Instant.EPOCH, "start", true));
    }

    void become(Config config) {
        current = config;
    }

    void answerNext(Outcome outcome) {
        next = outcome;
    }

    @Override
    public Config current() {
        return current;
    }

    @Override
    public String currentText() {
        return "apiKeys: [********]\n";
    }

    @Override
    public Outcome reload(boolean mayHaveNoModels) {
        return next;
    }

    @Override
    public Checked check(Optional<String> text) {
        return new Checked(
                next,
                Optional.empty(),
                List.of(new File("test.yaml", text.orElse("models:"))),
                List.of(new Mark(true, "test.yaml", 3, 5, "cmd is required", "")));
    }

    @Override
    public List<Applied> history() {
        return List.copyOf(applied);
    }

    @Override
    public Optional<ConfigSources> sources(String hash) {
        return Optional.empty();
    }

    @Override
    public Optional<String> show(String hash) {
        return hash.equals(current.hash()) ? Optional.of(currentText()) : Optional.empty();
    }

    @Override
    public Optional<Outcome> rollback(String hash) {
        return hash.equals(current.hash()) ? Optional.of(new Outcome.Unchanged(hash)) : Optional.empty();
    }
}
