package dev.turntable.api.machine;

import java.time.Instant;
import java.util.List;

/**
 * The machine at one moment (llama-swap §8.7).
 *
 * @param cpuPerCore percent busy since the sample before, one value a core
 * @param memoryTotal sizes in MiB
 */
public record SystemSample(
        Instant timestamp,
        List<Double> cpuPerCore,
        long memoryTotal,
        long memoryUsed,
        long memoryFree,
        long swapTotal,
        long swapUsed,
        double load1,
        double load5,
        double load15,
        List<NetworkCounter> network) {
    public SystemSample {
        cpuPerCore = List.copyOf(cpuPerCore);
        network = List.copyOf(network);
    }

    /** Bytes through one interface since it came up. */
    public record NetworkCounter(String name, long received, long sent) {}
}
