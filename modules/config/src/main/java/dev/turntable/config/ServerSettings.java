package dev.turntable.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The top-level keys that are no table of names (llama-swap §2.5), with their defaults applied.
 *
 * @param healthCheckTimeout budget of a start, at least 15 s
 * @param unloadTimeout grace between the stop signal and the kill; 5 s unless set
 * @param globalTtl {@link Duration#ZERO} is never
 * @param captureBuffer megabytes, 0 or less is off
 * @param storePath accepted, checked as llama-swap does, otherwise without effect: the journal is the store
 * @param sessionIdHeaders header names for the web page only
 * @param preload real model ids, in order
 * @param ignorePaths patterns searched for (not matched whole) in paths below {@code /upstream/<model>}
 */
public record ServerSettings(
        Duration healthCheckTimeout,
        Duration unloadTimeout,
        Duration globalTtl,
        int startPort,
        boolean logRequests,
        LogLevel logLevel,
        String logTimeFormat,
        LogToStdout logToStdout,
        int metricsMaxInMemory,
        int captureBuffer,
        Optional<String> storePath,
        List<String> sessionIdHeaders,
        Performance performance,
        List<Secret> apiKeys,
        List<String> preload,
        List<PathPattern> ignorePaths,
        boolean sendLoadingState,
        boolean includeAliasesInList) {
    public ServerSettings {
        sessionIdHeaders = List.copyOf(sessionIdHeaders);
        apiKeys = List.copyOf(apiKeys);
        preload = List.copyOf(preload);
        ignorePaths = List.copyOf(ignorePaths);
    }
}
