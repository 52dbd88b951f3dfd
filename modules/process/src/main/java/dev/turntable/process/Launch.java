package dev.turntable.process;

import dev.turntable.config.CommandLine;
import dev.turntable.config.ModelConfig;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What a model's settings mean for a start (llama-swap §4.3). */
sealed interface Launch {

    /**
     * A start that can be tried.
     *
     * @param address where its server is to listen
     * @param probe empty when the model is ready as soon as it runs
     */
    record Possible(ModelConfig settings, List<String> args, Address address, Optional<Probe> probe) implements Launch {
        /** What a failed start says. */
        String failure(String error) {
            return "failed to start command '" + String.join(" ", args) + "': " + error;
        }
    }

    /** The settings do not allow one; {@code error} is what the waiting client gets. */
    record Impossible(String error) implements Launch {}

    /** Reads the settings, in llama-swap's order of checks. */
    static Launch of(ModelConfig settings) {
        Optional<URI> proxy = settings.proxy().uri();
        if (proxy.isEmpty()) {
            return new Impossible("upstream proxy missing");
        }
        return switch (settings.command()) {
            case CommandLine.Invalid(String reason) -> new Impossible("unable to get sanitized command: " + reason);
            case CommandLine.Args(List<String> args) ->
                new Possible(settings, args, Address.of(proxy.get()), probe(settings, proxy.get()));
        };
    }

    private static Optional<Probe> probe(ModelConfig settings, URI proxy) {
        return settings.readyAtOnce() ? Optional.empty() : Optional.of(Probe.of(settings, proxy));
    }
}
