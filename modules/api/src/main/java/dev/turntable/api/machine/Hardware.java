package dev.turntable.api.machine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the machine is made of, found once at start (llama-swap §3.12). Unknown values are absent. */
public record Hardware(
        Instant capturedAt,
        Architecture architecture,
        OperatingSystem operatingSystem,
        Environment environment,
        Cpu cpu,
        OptionalLong memoryBytes,
        List<Accelerator> accelerators) {
    public Hardware {
        accelerators = List.copyOf(accelerators);
    }

    /** {@code name} is one of x86_64, arm64, armv7, ppc64le, riscv64, s390x, other. */
    public record Architecture(String name, String rawName) {}

    /** {@code family} is one of linux, macos, windows, freebsd, other. */
    public record OperatingSystem(
            String family,
            Optional<String> rawFamily,
            Optional<String> name,
            Optional<String> version,
            Optional<String> kernel) {}

    /** {@code kind} is one of native, container, virtual_machine, wsl, other, unknown. */
    public record Environment(String kind, Optional<String> name, Optional<String> version) {}

    public record Cpu(
            Optional<String> vendor,
            Optional<String> model,
            OptionalInt sockets,
            OptionalInt physicalCores,
            OptionalInt logicalThreads) {}

    /**
     * A GPU or another processor for models.
     *
     * @param pci address that tells two findings of one device apart; not shown
     * @param memoryKind dedicated, unified, shared_system or unknown
     */
    public record Accelerator(
            String pci,
            String kind,
            Optional<String> vendor,
            Optional<String> model,
            Optional<String> architecture,
            String memoryKind,
            OptionalLong memoryBytes,
            Optional<Driver> driver,
            Optional<Double> powerLimitWatts) {}

    public record Driver(String name, Optional<String> version) {}
}
