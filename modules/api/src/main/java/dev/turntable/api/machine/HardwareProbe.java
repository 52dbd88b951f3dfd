package dev.turntable.api.machine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Finds out what the machine is made of, from the kernel's files and the vendors' tools. Linux is looked at closely, others by name. */
public final class HardwareProbe {
    private static final List<String> VIRTUAL_MACHINES = List.of(
            "KVM",
            "QEMU",
            "VMware",
            "VirtualBox",
            "Virtual Machine",
            "Xen",
            "Google Compute Engine",
            "Amazon EC2",
            "HVM domU",
            "Parallels");

    private final ProcFiles files;
    private final Tool tool;
    private final Map<String, String> system;

    private HardwareProbe(ProcFiles files, Tool tool, Map<String, String> system) {
        this.files = files;
        this.tool = tool;
        this.system = system;
    }

    /** Looks at this machine; takes as long as the slowest tool, 10 s at most each. */
    public static Hardware detect(Instant now) {
        Map<String, String> system = Map.of(
                "arch", System.getProperty("os.arch", ""),
                "os", System.getProperty("os.name", ""),
                "version", System.getProperty("os.version", ""));
        return new HardwareProbe(new ProcFiles(Path.of("/")), Tool.system(), system).look(now);
    }

    static Hardware detect(Instant now, Path root, Tool tool, Map<String, String> system) {
        return new HardwareProbe(new ProcFiles(root), tool, system).look(now);
    }

    private Hardware look(Instant now) {
        return new Hardware(
                now,
                architecture(system.get("arch")),
                operatingSystem(),
                environment(),
                cpu(),
                memory(),
                new AcceleratorProbe(files, tool).find());
    }

    static Hardware.Architecture architecture(String raw) {
        String name =
                switch (raw.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm64";
                    case "arm", "armv7", "armv7l" -> "armv7";
                    case "ppc64le" -> "ppc64le";
                    case "riscv64" -> "riscv64";
                    case "s390x" -> "s390x";
                    default -> "other";
                };
        return new Hardware.Architecture(name, raw);
    }

    private Hardware.OperatingSystem operatingSystem() {
        String raw = system.get("os");
        String lower = raw.toLowerCase(Locale.ROOT);
        String family = lower.startsWith("linux")
                ? "linux"
                : lower.startsWith("mac")
                        ? "macos"
                        : lower.startsWith("windows") ? "windows" : lower.startsWith("freebsd") ? "freebsd" : "other";
        Optional<String> rawFamily = family.equals("other") ? Optional.of(raw) : Optional.empty();
        Optional<String> name = release("NAME");
        Optional<String> version = release("VERSION_ID");
        return new Hardware.OperatingSystem(family, rawFamily, name, version, Optional.of(system.get("version")));
    }

    private Optional<String> release(String key) {
        return files.lines("etc/os-release").stream()
                .filter(l -> l.startsWith(key + "="))
                .map(l -> l.substring(key.length() + 1).replace("\"", "").strip())
                .filter(v -> !v.isEmpty())
                .findFirst();
    }

    private Hardware.Environment environment() {
        String kernel = system.get("version").toLowerCase(Locale.ROOT);
        if (kernel.contains("microsoft")) {
            return new Hardware.Environment("wsl", Optional.of("wsl"), Optional.empty());
        }
        if (files.exists(".dockerenv")) {
            return new Hardware.Environment("container", Optional.of("docker"), Optional.empty());
        }
        if (files.exists("run/.containerenv")) {
            return new Hardware.Environment("container", Optional.of("podman"), Optional.empty());
        }
        String cgroup = files.text("proc/1/cgroup").orElse("");
        for (String name : List.of("kubepods", "docker", "containerd", "lxc", "libpod")) {
            if (cgroup.contains(name)) {
                return new Hardware.Environment("container", Optional.of(name), Optional.empty());
            }
        }
        return machine();
    }

    private Hardware.Environment machine() {
        String product = files.text("sys/class/dmi/id/sys_vendor").orElse("") + " "
                + files.text("sys/class/dmi/id/product_name").orElse("");
        Optional<String> hypervisor =
                VIRTUAL_MACHINES.stream().filter(product::contains).findFirst();
        boolean flagged =
                files.lines("proc/cpuinfo").stream().anyMatch(l -> l.startsWith("flags") && l.contains(" hypervisor"));
        if (hypervisor.isPresent() || flagged) {
            return new Hardware.Environment("virtual_machine", hypervisor, Optional.empty());
        }
        String kind = files.exists("proc/cpuinfo") ? "native" : "unknown";
        return new Hardware.Environment(kind, Optional.empty(), Optional.empty());
    }

    private Hardware.Cpu cpu() {
        Optional<String> vendor = Optional.empty();
        Optional<String> model = Optional.empty();
        Set<String> sockets = new HashSet<>();
        Set<String> cores = new HashSet<>();
        int threads = 0;
        String socket = "";
        for (String line : files.lines("proc/cpuinfo")) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String key = line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            switch (key) {
                case "processor" -> threads++;
                case "vendor_id" -> vendor = Optional.of(vendor(value));
                case "model name" -> model = Optional.of(value);
                case "physical id" -> {
                    socket = value;
                    sockets.add(value);
                }
                case "core id" -> cores.add(socket + "/" + value);
                default -> {
                    // The rest of the list is of no interest.
                }
            }
        }
        return new Hardware.Cpu(vendor, model, counted(sockets.size()), counted(cores.size()), counted(threads));
    }

    private static OptionalInt counted(int count) {
        return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
    }

    private static String vendor(String id) {
        return switch (id) {
            case "GenuineIntel" -> "Intel";
            case "AuthenticAMD" -> "AMD";
            default -> id;
        };
    }

    /** Memory of the machine, or what the control group allows when that is less. */
    private OptionalLong memory() {
        long total = files.lines("proc/meminfo").stream()
                .filter(l -> l.startsWith("MemTotal:"))
                .map(l -> l.replaceAll("\\D", ""))
                .flatMap(l -> ProcFiles.parse(l).stream())
                .mapToLong(kib -> kib << 10)
                .findFirst()
                .orElse(0);
        long limit = files.number("sys/fs/cgroup/memory.max")
                .or(() -> files.number("sys/fs/cgroup/memory/memory.limit_in_bytes"))
                .orElse(Long.MAX_VALUE);
        long capacity = total == 0 ? 0 : Math.min(total, limit);
        return capacity > 0 ? OptionalLong.of(capacity) : OptionalLong.empty();
    }
}
