package dev.turntable.api.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the LACT daemon and then the vendors' tools for the GPUs; the first one that answers is asked from then on, none is asked again when
 * none answers.
 */
final class GpuProbe {
    /** A sample that takes longer is given up. */
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private static final List<String> NVIDIA = List.of(
            "nvidia-smi",
            "--query-gpu=index,name,uuid,temperature.gpu,utilization.gpu,memory.used,memory.total,fan.speed,power.draw",
            "--format=csv,noheader,nounits");
    private static final List<String> ROCM = List.of(
            "rocm-smi",
            "--showid",
            "--showproductname",
            "--showuniqueid",
            "--showtemp",
            "--showuse",
            "--showmeminfo",
            "vram",
            "--showfan",
            "--showpower",
            "--csv");

    private enum Source {
        UNKNOWN,
        LACT,
        NVIDIA_SMI,
        ROCM_SMI,
        NONE
    }

    private final LactProbe lact;
    private final Tool tool;
    private Source source = Source.UNKNOWN;

    GpuProbe(LactProbe lact, Tool tool) {
        this.lact = lact;
        this.tool = tool;
    }

    List<GpuSample> read(Instant now) {
        return switch (source) {
            case LACT -> lact.read(now).orElse(List.of());
            case NVIDIA_SMI -> nvidia(now).orElse(List.of());
            case ROCM_SMI -> rocm(now).orElse(List.of());
            case NONE -> List.of();
            case UNKNOWN -> find(now);
        };
    }

    private List<GpuSample> find(Instant now) {
        Optional<List<GpuSample>> daemon = lact.read(now);
        if (daemon.isPresent()) {
            source = Source.LACT;
            return daemon.get();
        }
        Optional<List<GpuSample>> nvidia = nvidia(now);
        if (nvidia.isPresent()) {
            source = Source.NVIDIA_SMI;
            return nvidia.get();
        }
        Optional<List<GpuSample>> rocm = rocm(now);
        source = rocm.isPresent() ? Source.ROCM_SMI : Source.NONE;
        return rocm.orElse(List.of());
    }

    private Optional<List<GpuSample>> nvidia(Instant now) {
        return tool.run(NVIDIA, AT_MOST).map(text -> Csv.rows(text).stream()
                .filter(f -> f.size() >= 9)
                .map(f -> new GpuSample(
                        now,
                        (int) Csv.number(f.get(0)),
                        f.get(1),
                        f.get(2),
                        Csv.number(f.get(3)),
                        0,
                        Csv.number(f.get(4)),
                        percent(Csv.number(f.get(5)), Csv.number(f.get(6))),
                        Csv.number(f.get(5)),
                        Csv.number(f.get(6)),
                        Csv.number(f.get(7)),
                        Csv.number(f.get(8))))
                .toList());
    }

    private Optional<List<GpuSample>> rocm(Instant now) {
        Optional<String> text = tool.run(ROCM, AT_MOST);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Csv.Table table = Csv.table(text.get());
        List<GpuSample> samples = new ArrayList<>();
        for (List<String> row : table.rows()) {
            double used = table.number(row, "vram total used") / (1 << 20);
            double total = table.number(row, "vram total memory") / (1 << 20);
            samples.add(new GpuSample(
                    now,
                    (int) Csv.number(row.getFirst().replace("card", "")),
                    table.text(row, "card series"),
                    table.text(row, "unique id"),
                    table.number(row, "temperature (sensor edge)"),
                    table.number(row, "temperature (sensor memory)"),
                    table.number(row, "gpu use"),
                    percent(used, total),
                    used,
                    total,
                    table.number(row, "fan speed (%)"),
                    table.number(row, "power")));
        }
        return Optional.of(samples);
    }

    private static double percent(double used, double total) {
        return total <= 0 ? 0 : used / total * 100;
    }
}
