package dev.turntable.config;

import dev.turntable.config.compat.GoText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * One model, effective: macros expanded, global defaults applied (llama-swap §2.6).
 *
 * @param cmd start command as text, after macros, comment lines removed
 * @param cmdStop stop command with {@code ${PID}} still in it
 * @param env {@code K=V} entries for the child, later ones win
 * @param port the number {@code ${PORT}} became; empty when {@code cmd} does not use it
 * @param aliases other names: written ones, then those that {@code setParamsByID} adds
 * @param checkEndpoint readiness path, or {@code none}
 * @param ttl {@link Duration#ZERO} is never
 * @param unloadTimeout grace between stop signal and kill, also for an eviction
 * @param concurrencyLimit requests reserved at once, at least 1
 * @param useModelName name sent upstream instead of the requested one
 * @param fingerprint changes exactly when a running process would be stale
 */
public record ModelConfig(
        String id,
        String name,
        String description,
        String cmd,
        Optional<String> cmdStop,
        List<String> env,
        UpstreamUrl proxy,
        OptionalInt port,
        List<String> aliases,
        String checkEndpoint,
        Duration ttl,
        Duration unloadTimeout,
        int concurrencyLimit,
        Optional<String> useModelName,
        Filters filters,
        Value.Fields metadata,
        boolean sendLoadingState,
        Timeouts timeouts,
        boolean ignoreWebsockets,
        Capabilities capabilities,
        boolean unlisted,
        String fingerprint) {
    /** Served at {@code /comfyui/}; gets a higher concurrency limit and ignores WebSockets. */
    public static final String COMFYUI_ID = "comfyui_auto";

    private static final Pattern LOCAL = Pattern.compile("localhost|127\\..*|0\\.0\\.0\\.0|\\[::1?]");

    public ModelConfig {
        env = List.copyOf(env);
        aliases = List.copyOf(aliases);
    }

    /** The start command as arguments; {@link CommandLine.Invalid} is a start failure, not a load error. */
    public CommandLine command() {
        return CommandLine.parse(cmd);
    }

    /** The stop command for a process number; empty when there is none and a signal is sent instead. */
    public Optional<CommandLine> stopCommand(long pid) {
        return cmdStop.map(text -> CommandLine.parse(text.replace("${PID}", Long.toString(pid))));
    }

    /** True when readiness is not probed. */
    public boolean readyAtOnce() {
        return GoText.trim(checkEndpoint).equals("none");
    }

    /**
     * The port of this machine that is its server's alone: the one it was given, or the one that stands in {@code proxy}. Who is not asked
     * whether it is ready may share one that stands in the file.
     */
    public OptionalInt ownPort() {
        return port.isPresent() || readyAtOnce()
                ? port
                : proxy.uri()
                        .filter(uri -> uri.getHost() != null && uri.getPort() > 0)
                        .filter(uri -> LOCAL.matcher(uri.getHost()).matches())
                        .map(uri -> OptionalInt.of(uri.getPort()))
                        .orElse(port);
    }

    /** The id only: commands, environment and filters may hold secrets. */
    @Override
    public String toString() {
        return "ModelConfig[" + id + "]";
    }
}
