package dev.turntable.api.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks the LACT daemon for its GPUs (llama-swap §8.7): one connection for one sample, a line of JSON for each command. */
final class LactProbe {
    /** A sample that takes longer is given up. */
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    /** The daemon has as many as the machine; nobody shows more (see {@link PerformanceMonitor}). */
    private static final int MAX_DEVICES = 64;

    /** The fan's duty cycle is one byte. */
    private static final double FULL_PWM = 255;

    /** What the sensors are called: AMD's names, then NVIDIA's. */
    private static final List<String> CORE = List.of("edge", "junction", "GPU");

    private static final List<String> MEMORY = List.of("mem", "VRAM");

    private static final String LIST = "{\"command\":\"list_devices\"}";

    private final List<Path> sockets;
    private final Duration atMost;

    /** The first of the sockets that exists is the daemon's. */
    LactProbe(List<Path> sockets) {
        this(sockets, AT_MOST);
    }

    LactProbe(List<Path> sockets, Duration atMost) {
        this.sockets = sockets;
        this.atMost = atMost;
    }

    /** Where the daemon listens: where the variable says, else for the whole machine, else for our user. */
    static LactProbe system() {
        List<Path> places = new ArrayList<>();
        Optional.ofNullable(System.getenv("LACT_DAEMON_SOCKET_PATH"))
                .filter(place -> !place.isEmpty())
                .ifPresent(place -> places.add(Path.of(place)));
        places.add(Path.of("/run/lactd.sock"));
        user().ifPresent(id -> places.add(Path.of("/run/user/" + id + "/lactd.sock")));
        return new LactProbe(places);
    }

    /** Our user's number, which only the owner of our own process entry tells without a native call. */
    private static Optional<Object> user() {
        try {
            return Optional.of(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException notLinux) {
            return Optional.empty();
        }
    }

    /** A sample of each device, in the daemon's order; nothing when there is no daemon, it has no devices or it does not make sense. */
    Optional<List<GpuSample>> read(Instant now) {
        Optional<Path> socket = sockets.stream().filter(Files::exists).findFirst();
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        try (LactConnection daemon = LactConnection.open(socket.get(), atMost)) {
            Map<String, String> devices = daemon.ask(LIST);
            List<GpuSample> samples = new ArrayList<>();
            for (int i = 0; i < MAX_DEVICES && devices.containsKey(id(i)); i++) {
                String id = devices.get(id(i));
                Map<String, String> stats = daemon.ask(LactConnection.command("device_stats", id));
                samples.add(sample(now, i, devices.getOrDefault("/data/" + i + "/name", id), id, stats));
            }
            return samples.isEmpty() ? Optional.empty() : Optional.of(samples);
        } catch (IOException failed) {
            return Optional.empty();
        }
    }

    private static String id(int device) {
        return "/data/" + device + "/id";
    }

    private static GpuSample sample(Instant now, int index, String name, String id, Map<String, String> stats) {
        double used = number(stats, "vram/used") / (1 << 20);
        double total = number(stats, "vram/total") / (1 << 20);
        return new GpuSample(
                now,
                index,
                name,
                id,
                temperature(stats, CORE),
                temperature(stats, MEMORY),
                number(stats, "busy_percent"),
                total <= 0 ? 0 : used / total * 100,
                used,
                total,
                fan(stats),
                first(number(stats, "power/average"), number(stats, "power/current")));
    }

    /** Of the first sensor that reads anything; some daemons put the reading one level deeper. */
    private static double temperature(Map<String, String> stats, List<String> sensors) {
        return sensors.stream()
                .flatMap(sensor -> Stream.of("temps/" + sensor + "/current", "temps/" + sensor + "/value/current"))
                .mapToDouble(path -> number(stats, path))
                .filter(celsius -> celsius != 0)
                .findFirst()
                .orElse(0);
    }

    /** What drives the fan; without it, how fast it turns. */
    private static double fan(Map<String, String> stats) {
        double fastest = number(stats, "fan/speed_max");
        double turning = fastest <= 0 ? 0 : number(stats, "fan/speed_current") / fastest * 100;
        return first(number(stats, "fan/pwm_current") / FULL_PWM * 100, turning);
    }

    /** 0 is what a value that is not there reads as. */
    private static double first(double preferred, double otherwise) {
        return preferred != 0 ? preferred : otherwise;
    }

    private static double number(Map<String, String> stats, String path) {
        return Csv.number(stats.getOrDefault("/data/" + path, ""));
    }
}
