package dev.turntable.app;

import dev.turntable.config.TurntableSettings.Durability;
import dev.turntable.config.loading.ConfigSources;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the server runs: where it reads its models from, where it listens, where it keeps its data.
 *
 * <p>What the models are is the configuration proper and belongs to {@code dev.turntable.config}.
 *
 * @param sources where the configuration was read from, and is read from again
 * @param listen where to listen; port 0 takes any free one
 * @param tls certificate and key; absent for plain HTTP
 * @param watchConfig whether a changed file is applied without being asked
 * @param dataDir the one folder that is written to; empty when none was named and none of the usual ones can be written
 * @param durability when the journal is forced to disk
 */
public record Settings(
        ConfigSources sources,
        Listen listen,
        Optional<Tls> tls,
        boolean watchConfig,
        Optional<Path> dataDir,
        Durability durability) {

    /** A host and a port; an empty host means every interface. */
    public record Listen(String host, int port) {

        /** As a person writes it: {@code host:port}, with brackets round an IPv6 address. */
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** PEM files. */
    public record Tls(Path certificate, Path key) {}
}
