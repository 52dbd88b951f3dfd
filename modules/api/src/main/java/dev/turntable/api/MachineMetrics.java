package dev.turntable.api;

import dev.turntable.api.machine.GpuSample;
import dev.turntable.api.machine.PerformanceMonitor;
import dev.turntable.api.machine.SystemSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The {@code llamaswap_*} families: the latest sample of the machine, named as existing dashboards expect (llama-swap §8.8). */
final class MachineMetrics {
    private static final long MIB = 1L << 20;

    private MachineMetrics() {}

    /** Nothing before the first sample. */
    static void write(Exposition out, PerformanceMonitor monitor) {
        List<SystemSample> samples = monitor.system(Instant.MIN);
        if (!samples.isEmpty()) {
            system(out, samples.getLast());
        }
        TreeMap<Integer, GpuSample> latest = new TreeMap<>();
        monitor.gpus(Instant.MIN).forEach(sample -> latest.put(sample.id(), sample));
        if (!latest.isEmpty()) {
            gpus(out, List.copyOf(latest.values()));
        }
    }

    private static void system(Exposition out, SystemSample sample) {
        out.family("llamaswap_cpu_util_percent", "gauge", "Busy time of each core in percent.");
        for (int core = 0; core < sample.cpuPerCore().size(); core++) {
            out.sample("llamaswap_cpu_util_percent", sample.cpuPerCore().get(core), "core", Integer.toString(core));
        }
        bytes(out, "llamaswap_memory_total_bytes", "Memory of the machine.", sample.memoryTotal());
        bytes(out, "llamaswap_memory_used_bytes", "Memory in use.", sample.memoryUsed());
        bytes(out, "llamaswap_memory_free_bytes", "Memory without any use.", sample.memoryFree());
        bytes(out, "llamaswap_swap_total_bytes", "Swap space of the machine.", sample.swapTotal());
        bytes(out, "llamaswap_swap_used_bytes", "Swap space in use.", sample.swapUsed());
        out.family("llamaswap_load_average", "gauge", "Load average of the machine.");
        out.sample("llamaswap_load_average", sample.load1(), "interval", "1m");
        out.sample("llamaswap_load_average", sample.load5(), "interval", "5m");
        out.sample("llamaswap_load_average", sample.load15(), "interval", "15m");
        if (!sample.network().isEmpty()) {
            String name = "llamaswap_network_bytes_total";
            out.family(name, "counter", "Bytes through each network interface.");
            for (SystemSample.NetworkCounter counter : sample.network()) {
                out.sample(name, Long.toString(counter.received()), "interface", counter.name(), "direction", "recv");
                out.sample(name, Long.toString(counter.sent()), "interface", counter.name(), "direction", "sent");
            }
        }
    }

    private static void bytes(Exposition out, String name, String help, long mib) {
        out.family(name, "gauge", help).sample(name, Long.toString(mib * MIB));
    }

    private static void gpus(Exposition out, List<GpuSample> gpus) {
        gpu(out, gpus, "temperature_celsius", "Temperature of the GPU.", GpuSample::temperature);
        gpu(out, gpus, "vram_temperature_celsius", "Temperature of the GPU's memory.", GpuSample::memoryTemperature);
        gpu(out, gpus, "util_percent", "Busy time of the GPU in percent.", GpuSample::utilization);
        gpu(
                out,
                gpus,
                "memory_util_percent",
                "Used part of the GPU's memory in percent.",
                GpuSample::memoryUtilization);
        gpu(out, gpus, "memory_used_bytes", "Used memory of the GPU.", g -> g.memoryUsed() * MIB);
        gpu(out, gpus, "memory_total_bytes", "Memory of the GPU.", g -> g.memoryTotal() * MIB);
        gpu(out, gpus, "fan_speed_percent", "Speed of the GPU's fan in percent.", GpuSample::fanSpeed);
        gpu(out, gpus, "power_draw_watts", "Power the GPU draws.", GpuSample::powerDraw);
    }

    private static void gpu(
            Exposition out, List<GpuSample> gpus, String what, String help, ToDoubleFunction<GpuSample> value) {
        String name = "llamaswap_gpu_" + what;
        out.family(name, "gauge", help);
        for (GpuSample gpu : gpus) {
            List<String> labels = new ArrayList<>(List.of("id", Integer.toString(gpu.id()), "name", gpu.name()));
            if (!gpu.uuid().isEmpty()) {
                labels.addAll(List.of("uuid", gpu.uuid()));
            }
            out.sample(name, Numbers.shortest(value.applyAsDouble(gpu)), labels);
        }
    }
}
