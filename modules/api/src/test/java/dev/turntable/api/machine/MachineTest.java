package dev.turntable.api.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sampling and hardware detection on machines made of files. */
class MachineTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Tool NO_TOOL = (command, atMost) -> Optional.empty();

    private static final LactProbe NO_DAEMON = new LactProbe(List.of());

    @TempDir
    private Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void aSampleIsTheDifferenceOfProcessorTimesAndTheRestAsItStands() throws IOException {
        write("proc/stat", "cpu  1 1 1 1\ncpu0 100 0 100 800 0 0 0 0 0 0\ncpu1 0 0 0 1000 0 0 0 0 0 0\nintr 5\n");
        write(
                "proc/meminfo",
                "MemTotal: 4194304 kB\nMemFree: 1048576 kB\nMemAvailable: 2097152 kB\nSwapTotal: 2048 kB\nSwapFree: 1024 kB\n");
        write("proc/loadavg", "0.50 1.25 2.00 1/100 4711\n");
        write(
                "proc/net/dev",
                "Inter-| Receive\n face |bytes\n    lo: 9 0 0 0 0 0 0 0 9 0\n  eth0: 1234 0 0 0 0 0 0 0 5678 0\n");
        SystemProbe probe = new SystemProbe(new ProcFiles(root));
        write("proc/stat", "cpu0 150 0 150 850 50 0 0 0 0 0\ncpu1 0 0 0 1100 0 0 0 0 0 0\n");
        SystemSample sample = probe.read(NOW);
        assertEquals(List.of(50.0, 0.0), sample.cpuPerCore());
        assertEquals(4096, sample.memoryTotal());
        assertEquals(2048, sample.memoryUsed());
        assertEquals(1024, sample.memoryFree());
        assertEquals(2, sample.swapTotal());
        assertEquals(1, sample.swapUsed());
        assertEquals(1.25, sample.load5());
        assertEquals(List.of(new SystemSample.NetworkCounter("eth0", 1234, 5678)), sample.network());
    }

    @Test
    void aMachineWithoutProcGivesZerosAndNotAnError() {
        SystemSample sample = new SystemProbe(new ProcFiles(root)).read(NOW);
        assertEquals(List.of(), sample.cpuPerCore());
        assertEquals(0, sample.memoryTotal());
    }

    @Test
    void nvidiaRowsAreReadAndUnknownFieldsAreZero() {
        Tool nvidia = (command, atMost) -> command.getFirst().equals("nvidia-smi")
                ? Optional.of(
                        "0, NVIDIA A, GPU-1, 40, 50, 1024, 4096, [N/A], 70.5\n1, NVIDIA B, GPU-2, 41, 0, 0, 0, 30, [N/A]\n")
                : Optional.empty();
        List<GpuSample> samples = new GpuProbe(NO_DAEMON, nvidia).read(NOW);
        assertEquals(new GpuSample(NOW, 0, "NVIDIA A", "GPU-1", 40, 0, 50, 25, 1024, 4096, 0, 70.5), samples.get(0));
        assertEquals(0, samples.get(1).memoryUtilization());
        assertEquals(30, samples.get(1).fanSpeed());
    }

    @Test
    void withoutAToolNobodyIsAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        GpuProbe probe = new GpuProbe(NO_DAEMON, (command, atMost) -> {
            asked.incrementAndGet();
            return Optional.empty();
        });
        assertEquals(List.of(), probe.read(NOW));
        assertEquals(List.of(), probe.read(NOW));
        assertEquals(2, asked.get());
    }

    @Test
    void rocmColumnsAreFoundByName() {
        Tool rocm = (command, atMost) -> command.getFirst().equals("rocm-smi")
                ? Optional.of(
                        "device,Unique ID,Temperature (Sensor edge) (C),Temperature (Sensor memory) (C),GPU use (%),VRAM Total Memory (B),VRAM Total Used Memory (B),Average Graphics Package Power (W),Card Series\n"
                                + "card0,0xabc,35.0,36.0,7,17163091968,1073741824,11.0,Radeon X\n")
                : Optional.empty();
        GpuSample sample = new GpuProbe(NO_DAEMON, rocm).read(NOW).getFirst();
        assertEquals("Radeon X", sample.name());
        assertEquals(1024, sample.memoryUsed());
        assertEquals(36, sample.memoryTemperature());
        assertEquals(11, sample.powerDraw());
    }

    @Test
    void anHourOfSamplesIsKeptAndFilteredStrictlyLater() {
        List<Instant> times = new ArrayList<>();
        InstantSource clock = () -> {
            times.add(NOW.plusSeconds(1200L * times.size()));
            return times.getLast();
        };
        try (PerformanceMonitor monitor = new PerformanceMonitor(
                Duration.ofMinutes(20), clock, new ProcFiles(root), new GpuProbe(NO_DAEMON, NO_TOOL))) {
            for (int i = 0; i < 5; i++) {
                monitor.sample();
            }
            assertEquals(3, monitor.system(Instant.MIN).size());
            assertEquals(1, monitor.system(times.get(3)).size());
            assertEquals(List.of(), monitor.gpus(Instant.MIN));
        }
    }

    @Test
    void hardwareOfALinuxServer() throws IOException {
        write("proc/cpuinfo", """
                processor : 0
                vendor_id : GenuineIntel
                model name : Some Processor
                physical id : 0
                core id : 0
                flags : fpu vme

                processor : 1
                vendor_id : GenuineIntel
                physical id : 0
                core id : 0
                """);
        write("proc/meminfo", "MemTotal: 1048576 kB\n");
        write("sys/fs/cgroup/memory.max", "536870912\n");
        write("etc/os-release", "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\n");
        write("sys/class/drm/card0/device/uevent", "DRIVER=nvidia\nPCI_SLOT_NAME=0000:01:00.0\n");
        write("sys/class/drm/card0/device/vendor", "0x10de\n");
        write("sys/class/drm/card1/device/uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0\n");
        write("sys/class/drm/card1/device/vendor", "0x1002\n");
        write("sys/class/drm/card1/device/mem_info_vram_total", "17163091968\n");
        Tool nvidia = (command, atMost) -> command.getFirst().equals("nvidia-smi")
                ? Optional.of("00000000:01:00.0, NVIDIA A, 24576, 580.1, 350.00, 8.9\n")
                : Optional.empty();
        Hardware found =
                HardwareProbe.detect(NOW, root, nvidia, Map.of("arch", "amd64", "os", "Linux", "version", "6.12.1"));
        assertEquals("x86_64", found.architecture().name());
        assertEquals("linux", found.operatingSystem().family());
        assertEquals(Optional.of("Debian GNU/Linux"), found.operatingSystem().name());
        assertEquals("native", found.environment().kind());
        assertEquals(Optional.of("Intel"), found.cpu().vendor());
        assertEquals(OptionalInt.of(1), found.cpu().physicalCores());
        assertEquals(OptionalInt.of(2), found.cpu().logicalThreads());
        assertEquals(OptionalLong.of(536870912), found.memoryBytes(), "the control group's limit");
        assertEquals(2, found.accelerators().size());
        assertEquals(Optional.of("NVIDIA A"), found.accelerators().get(0).model());
        assertEquals(Optional.of("sm_89"), found.accelerators().get(0).architecture());
        assertEquals(OptionalLong.of(24576L << 20), found.accelerators().get(0).memoryBytes());
        assertEquals(Optional.of("AMD"), found.accelerators().get(1).vendor());
    }

    @Test
    void aContainerAndAVirtualMachineAreTold() throws IOException {
        Map<String, String> linux = Map.of("arch", "riscv64", "os", "Linux", "version", "6.1");
        write("proc/cpuinfo", "processor : 0\nflags : fpu hypervisor\n");
        assertEquals(
                "virtual_machine",
                HardwareProbe.detect(NOW, root, NO_TOOL, linux).environment().kind());
        write(".dockerenv", "");
        assertEquals(
                "container",
                HardwareProbe.detect(NOW, root, NO_TOOL, linux).environment().kind());
        Map<String, String> wsl = Map.of("arch", "sparc", "os", "SunOS", "version", "5.15-microsoft-standard");
        Hardware odd = HardwareProbe.detect(NOW, root, NO_TOOL, wsl);
        assertEquals("wsl", odd.environment().kind());
        assertEquals("other", odd.architecture().name());
        assertEquals(Optional.of("SunOS"), odd.operatingSystem().rawFamily());
    }

    @Test
    void thisMachineIsFound() {
        Hardware here = HardwareProbe.detect(NOW);
        assertTrue(here.memoryBytes().orElse(0) > 0);
        assertTrue(here.cpu().logicalThreads().orElse(0) > 0);
    }

    @Test
    void aToolThatHangsIsGivenUp() {
        assertEquals(
                Optional.empty(),
                Tool.system()
                        .run(
                                List.of("sh", "-c", "echo begun; exec cat /dev/zero > /dev/null"),
                                Duration.ofMillis(100)));
        assertEquals(Optional.of("hi\n"), Tool.system().run(List.of("echo", "hi"), Duration.ofSeconds(10)));
        assertEquals(Optional.empty(), Tool.system().run(List.of("no-such-tool-here"), Duration.ofSeconds(1)));
        assertEquals(Optional.empty(), Tool.system().run(List.of("false"), Duration.ofSeconds(10)));
    }
}
