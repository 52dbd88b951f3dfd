package dev.turntable.api.machine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code /proc} for one sample; keeps the processor times of the reading before, because load is a difference. Not thread-safe. */
final class SystemProbe {
    private final ProcFiles proc;
    private List<long[]> before;

    SystemProbe(ProcFiles proc) {
        this.proc = proc;
        this.before = cores();
    }

    SystemSample read(Instant now) {
        List<long[]> cores = cores();
        List<Double> busy = new ArrayList<>();
        for (int i = 0; i < cores.size(); i++) {
            busy.add(i < before.size() ? busy(before.get(i), cores.get(i)) : 0.0);
        }
        before = cores;
        Map<String, Long> memory = memory();
        long total = memory.getOrDefault("MemTotal", 0L);
        long swapTotal = memory.getOrDefault("SwapTotal", 0L);
        double[] load = load();
        return new SystemSample(
                now,
                busy,
                total >> 10,
                (total - memory.getOrDefault("MemAvailable", 0L)) >> 10,
                memory.getOrDefault("MemFree", 0L) >> 10,
                swapTotal >> 10,
                (swapTotal - memory.getOrDefault("SwapFree", 0L)) >> 10,
                load[0],
                load[1],
                load[2],
                network());
    }

    /** Idle and total ticks of every core. */
    private List<long[]> cores() {
        List<long[]> cores = new ArrayList<>();
        for (String line : proc.lines("proc/stat")) {
            if (!line.startsWith("cpu") || line.startsWith("cpu ")) {
                continue;
            }
            String[] fields = line.split("\\s+");
            long total = 0;
            // user nice system idle iowait irq softirq steal; guest time is counted in user already
            for (int i = 1; i < fields.length && i <= 8; i++) {
                total += ProcFiles.parse(fields[i]).orElse(0L);
            }
            long idle = ProcFiles.parse(fields[4]).orElse(0L)
                    + (fields.length > 5 ? ProcFiles.parse(fields[5]).orElse(0L) : 0L);
            cores.add(new long[] {idle, total});
        }
        return cores;
    }

    private static double busy(long[] before, long[] now) {
        long total = now[1] - before[1];
        long idle = now[0] - before[0];
        return total <= 0 ? 0 : Math.clamp(100.0 * (total - idle) / total, 0, 100);
    }

    private Map<String, Long> memory() {
        Map<String, Long> sizes = new HashMap<>();
        for (String line : proc.lines("proc/meminfo")) {
            String[] fields = line.split("[:\\s]+");
            if (fields.length >= 2) {
                ProcFiles.parse(fields[1]).ifPresent(kib -> sizes.put(fields[0], kib));
            }
        }
        return sizes;
    }

    private double[] load() {
        double[] load = new double[3];
        List<String> lines = proc.lines("proc/loadavg");
        if (!lines.isEmpty()) {
            String[] fields = lines.getFirst().split("\\s+");
            for (int i = 0; i < 3 && i < fields.length; i++) {
                load[i] = Double.parseDouble(fields[i]);
            }
        }
        return load;
    }

    private List<SystemSample.NetworkCounter> network() {
        List<SystemSample.NetworkCounter> counters = new ArrayList<>();
        for (String line : proc.lines("proc/net/dev")) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String name = line.substring(0, colon).strip();
            String[] fields = line.substring(colon + 1).strip().split("\\s+");
            if (!name.equals("lo") && fields.length >= 9) {
                counters.add(new SystemSample.NetworkCounter(
                        name,
                        ProcFiles.parse(fields[0]).orElse(0L),
                        ProcFiles.parse(fields[8]).orElse(0L)));
            }
        }
        return counters;
    }
}
