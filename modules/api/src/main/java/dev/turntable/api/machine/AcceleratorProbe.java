package dev.turntable.api.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Finds the GPUs: the vendors' tools know most, the kernel's device files know what the tools do not; one PCI address is one device. */
final class AcceleratorProbe {
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final int MAX_DEVICES = 64;

    private final ProcFiles files;
    private final Tool tool;

    AcceleratorProbe(ProcFiles files, Tool tool) {
        this.files = files;
        this.tool = tool;
    }

    /** Ordered by PCI address. */
    List<Hardware.Accelerator> find() {
        TreeMap<String, Hardware.Accelerator> byAddress = new TreeMap<>();
        drm().forEach(a -> byAddress.put(a.pci(), a));
        nvidia().forEach(a -> byAddress.merge(a.pci(), a, AcceleratorProbe::merge));
        return byAddress.values().stream().limit(MAX_DEVICES).toList();
    }

    private List<Hardware.Accelerator> nvidia() {
        Optional<String> text = tool.run(
                List.of(
                        "nvidia-smi",
                        "--query-gpu=pci.bus_id,name,memory.total,driver_version,power.limit,compute_cap",
                        "--format=csv,noheader,nounits"),
                AT_MOST);
        List<Hardware.Accelerator> found = new ArrayList<>();
        for (List<String> row : Csv.rows(text.orElse(""))) {
            if (row.size() < 6) {
                continue;
            }
            double mib = Csv.number(row.get(2));
            double watts = Csv.number(row.get(4));
            double capability = Csv.number(row.get(5));
            found.add(new Hardware.Accelerator(
                    address(row.get(0)),
                    "gpu",
                    Optional.of("NVIDIA"),
                    Optional.of(row.get(1)),
                    capability > 0 ? Optional.of("sm_" + row.get(5).replace(".", "")) : Optional.empty(),
                    mib > 0 ? "dedicated" : "unified",
                    mib > 0 ? OptionalLong.of((long) mib << 20) : OptionalLong.empty(),
                    Optional.of(new Hardware.Driver("nvidia", Optional.of(row.get(3)))),
                    watts > 0 ? Optional.of(watts) : Optional.empty()));
        }
        return found;
    }

    private List<Hardware.Accelerator> drm() {
        List<Hardware.Accelerator> found = new ArrayList<>();
        for (String card : files.names("sys/class/drm")) {
            if (!card.matches("card\\d+")) {
                continue;
            }
            String device = "sys/class/drm/" + card + "/device/";
            String uevent = files.text(device + "uevent").orElse("");
            Optional<String> slot = property(uevent, "PCI_SLOT_NAME");
            Optional<String> vendor = files.text(device + "vendor").map(AcceleratorProbe::vendor);
            if (slot.isEmpty() || vendor.isEmpty()) {
                continue;
            }
            OptionalLong memory = files.number(device + "mem_info_vram_total")
                    .map(OptionalLong::of)
                    .orElse(OptionalLong.empty());
            Optional<String> driver = property(uevent, "DRIVER");
            found.add(new Hardware.Accelerator(
                    address(slot.get()),
                    "gpu",
                    vendor,
                    files.text(device + "product_name"),
                    Optional.empty(),
                    memory.isPresent() ? "dedicated" : "unknown",
                    memory,
                    driver.map(d -> new Hardware.Driver(d, files.text("sys/module/" + d + "/version"))),
                    Optional.empty()));
        }
        return found;
    }

    private static Optional<String> property(String uevent, String key) {
        return uevent.lines()
                .filter(l -> l.startsWith(key + "="))
                .map(l -> l.substring(key.length() + 1))
                .findFirst();
    }

    private static String vendor(String id) {
        return switch (id.toLowerCase(Locale.ROOT)) {
            case "0x10de" -> "NVIDIA";
            case "0x1002" -> "AMD";
            case "0x8086" -> "Intel";
            default -> id;
        };
    }

    /** {@code 00000000:01:00.0} and {@code 0000:01:00.0} are the same device. */
    static String address(String pci) {
        String lower = pci.toLowerCase(Locale.ROOT);
        return lower.length() > 12 ? lower.substring(lower.length() - 12) : lower;
    }

    /** What the tool says wins; what it does not say comes from the device files. */
    private static Hardware.Accelerator merge(Hardware.Accelerator files, Hardware.Accelerator tool) {
        return new Hardware.Accelerator(
                tool.pci(),
                tool.kind(),
                tool.vendor().or(files::vendor),
                tool.model().or(files::model),
                tool.architecture().or(files::architecture),
                tool.memoryBytes().isPresent() ? tool.memoryKind() : files.memoryKind(),
                tool.memoryBytes().isPresent() ? tool.memoryBytes() : files.memoryBytes(),
                tool.driver().or(files::driver),
                tool.powerLimitWatts().or(files::powerLimitWatts));
    }
}
