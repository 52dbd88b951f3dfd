package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.api.machine.Hardware;
import io.helidon.http.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** {@code GET /api/hardware}: what the machine is made of, found once in the background after the start (llama-swap §3.12). */
final class HardwareRoute {
    /** A request that comes while the detection runs waits this long for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BuildInfo build;
    private final CompletableFuture<Hardware> found = new CompletableFuture<>();

    /** Detection begins on a virtual thread of its own. */
    HardwareRoute(BuildInfo build, Supplier<Hardware> probe) {
        this.build = build;
        Thread.ofVirtual().name("hardware").start(() -> {
            try {
                found.complete(probe.get());
            } catch (RuntimeException failed) {
                found.completeExceptionally(failed);
            }
        });
    }

    void show(Call call) throws InterruptedException {
        try {
            Hardware hardware = found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Answers.json(call, out -> write(out, hardware));
        } catch (ExecutionException | TimeoutException unknown) {
            throw new ApiException(Status.SERVICE_UNAVAILABLE_503, "hardware detection unavailable");
        }
    }

    private void write(JsonGenerator out, Hardware hardware) throws IOException {
        out.writeStartObject();
        out.writeNumberField("schema_version", 1);
        out.writeStringField(
                "captured_at",
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        hardware.capturedAt().atOffset(ZoneOffset.UTC)));
        out.writeObjectFieldStart("capture");
        out.writeStringField("scope", "inference_host");
        out.writeStringField("method", "detected");
        out.writeObjectFieldStart("detector");
        out.writeStringField("name", "llama-swap");
        out.writeStringField("version", build.version());
        out.writeEndObject();
        out.writeEndObject();
        system(out, hardware);
        cpu(out, hardware.cpu());
        out.writeObjectFieldStart("memory");
        number(out, "capacity_bytes", hardware.memoryBytes());
        out.writeEndObject();
        accelerators(out, hardware.accelerators());
        out.writeEndObject();
    }

    private static void system(JsonGenerator out, Hardware hardware) throws IOException {
        out.writeObjectFieldStart("architecture");
        out.writeStringField("name", hardware.architecture().name());
        out.writeStringField("raw_name", hardware.architecture().rawName());
        out.writeEndObject();
        Hardware.OperatingSystem os = hardware.operatingSystem();
        out.writeObjectFieldStart("operating_system");
        out.writeStringField("family", os.family());
        if (os.rawFamily().isPresent()) {
            out.writeStringField("raw_family", os.rawFamily().get());
        }
        text(out, "name", os.name());
        text(out, "version", os.version());
        text(out, "kernel", os.kernel());
        out.writeEndObject();
        out.writeObjectFieldStart("environment");
        out.writeStringField("kind", hardware.environment().kind());
        text(out, "name", hardware.environment().name());
        text(out, "version", hardware.environment().version());
        out.writeEndObject();
    }

    private static void cpu(JsonGenerator out, Hardware.Cpu cpu) throws IOException {
        out.writeObjectFieldStart("cpu");
        text(out, "vendor", cpu.vendor());
        text(out, "model", cpu.model());
        number(out, "socket_count", cpu.sockets());
        number(out, "physical_core_count", cpu.physicalCores());
        number(out, "logical_thread_count", cpu.logicalThreads());
        out.writeEndObject();
    }

    private static void accelerators(JsonGenerator out, List<Hardware.Accelerator> all) throws IOException {
        out.writeArrayFieldStart("accelerators");
        for (int index = 0; index < all.size(); index++) {
            Hardware.Accelerator one = all.get(index);
            out.writeStartObject();
            out.writeNumberField("index", index);
            out.writeStringField("kind", one.kind());
            text(out, "vendor", one.vendor());
            text(out, "model", one.model());
            text(out, "architecture", one.architecture());
            out.writeObjectFieldStart("memory");
            out.writeStringField("kind", one.memoryKind());
            number(out, "capacity_bytes", one.memoryBytes());
            out.writeEndObject();
            driver(out, one.driver());
            out.writeFieldName("power_limit_watts");
            if (one.powerLimitWatts().isPresent()) {
                Json.number(out, one.powerLimitWatts().get());
            } else {
                out.writeNull();
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void driver(JsonGenerator out, Optional<Hardware.Driver> driver) throws IOException {
        if (driver.isEmpty()) {
            out.writeNullField("driver");
            return;
        }
        out.writeObjectFieldStart("driver");
        out.writeStringField("name", driver.get().name());
        text(out, "version", driver.get().version());
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get());
        } else {
            out.writeNullField(name);
        }
    }

    private static void number(JsonGenerator out, String name, OptionalInt value) throws IOException {
        number(out, name, value.isPresent() ? OptionalLong.of(value.getAsInt()) : OptionalLong.empty());
    }

    private static void number(JsonGenerator out, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            out.writeNumberField(name, value.getAsLong());
        } else {
            out.writeNullField(name);
        }
    }
}
