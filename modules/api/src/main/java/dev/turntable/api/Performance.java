package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.api.machine.GpuSample;
import dev.turntable.api.machine.PerformanceMonitor;
import dev.turntable.api.machine.SystemSample;
import dev.turntable.config.Config;
import io.helidon.http.Status;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** {@code GET /api/performance}: the samples of the last hour (llama-swap §8.7). Owns the monitor, which a reload may replace or end. */
final class Performance implements AutoCloseable {
    private final InstantSource clock;
    private final ZoneId zone;
    private dev.turntable.config.Performance settings;
    private Optional<PerformanceMonitor> monitor = Optional.empty();

    Performance(Config config, InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
        reloaded(config);
    }

    /** Takes over the settings of a new configuration; unchanged ones keep the samples. */
    synchronized void reloaded(Config config) {
        if (config.performance().equals(settings)) {
            return;
        }
        settings = config.performance();
        monitor.ifPresent(PerformanceMonitor::close);
        monitor =
                settings.disabled() ? Optional.empty() : Optional.of(PerformanceMonitor.start(settings.every(), clock));
    }

    /** Nothing while sampling is off. */
    synchronized Optional<PerformanceMonitor> monitor() {
        return monitor;
    }

    void show(Call call) {
        Optional<PerformanceMonitor> running = monitor();
        if (running.isEmpty()) {
            Answers.json(call, Status.SERVICE_UNAVAILABLE_503, out -> {
                out.writeStartObject();
                out.writeBooleanField("enabled", false);
                out.writeEndObject();
            });
            return;
        }
        Optional<Instant> after =
                call.query().first("after").filter(v -> !v.isEmpty()).map(Performance::moment);
        Instant from = after.orElse(Instant.MIN);
        List<GpuSample> gpus = running.get().gpus(from);
        List<SystemSample> system = running.get().system(from);
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeBooleanField("enabled", true);
            out.writeFieldName("gpu_stats");
            list(out, gpus, after.isPresent(), this::gpu);
            out.writeFieldName("sys_stats");
            list(out, system, after.isPresent(), this::system);
            out.writeEndObject();
        });
    }

    private static Instant moment(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException notATime) {
            throw ApiException.bad("invalid 'after' timestamp, use RFC3339 format");
        }
    }

    @FunctionalInterface
    private interface Item<T> {
        void write(JsonGenerator out, T item) throws IOException;
    }

    /** Without a filter an empty list is null (llama-swap §8.7). */
    private static <T> void list(JsonGenerator out, List<T> items, boolean filtered, Item<T> one) throws IOException {
        if (items.isEmpty() && !filtered) {
            out.writeNull();
            return;
        }
        out.writeStartArray();
        for (T item : items) {
            one.write(out, item);
        }
        out.writeEndArray();
    }

    private void system(JsonGenerator out, SystemSample sample) throws IOException {
        out.writeStartObject();
        out.writeStringField("timestamp", local(sample.timestamp()));
        out.writeArrayFieldStart("cpu_util_per_core");
        for (double busy : sample.cpuPerCore()) {
            Json.number(out, busy);
        }
        out.writeEndArray();
        out.writeNumberField("mem_total_mb", sample.memoryTotal());
        out.writeNumberField("mem_used_mb", sample.memoryUsed());
        out.writeNumberField("mem_free_mb", sample.memoryFree());
        out.writeNumberField("swap_total_mb", sample.swapTotal());
        out.writeNumberField("swap_used_mb", sample.swapUsed());
        Json.number(out, "load_avg_1", sample.load1());
        Json.number(out, "load_avg_5", sample.load5());
        Json.number(out, "load_avg_15", sample.load15());
        out.writeArrayFieldStart("net_io");
        for (SystemSample.NetworkCounter counter : sample.network()) {
            out.writeStartObject();
            out.writeStringField("name", counter.name());
            out.writeNumberField("bytes_recv", counter.received());
            out.writeNumberField("bytes_sent", counter.sent());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void gpu(JsonGenerator out, GpuSample sample) throws IOException {
        out.writeStartObject();
        out.writeStringField("timestamp", local(sample.timestamp()));
        out.writeNumberField("id", sample.id());
        out.writeStringField("name", sample.name());
        out.writeStringField("uuid", sample.uuid());
        Json.number(out, "temp_c", sample.temperature());
        Json.number(out, "vram_temp_c", sample.memoryTemperature());
        Json.number(out, "gpu_util_pct", sample.utilization());
        Json.number(out, "mem_util_pct", sample.memoryUtilization());
        Json.number(out, "mem_used_mb", sample.memoryUsed());
        Json.number(out, "mem_total_mb", sample.memoryTotal());
        Json.number(out, "fan_speed_pct", sample.fanSpeed());
        Json.number(out, "power_draw_w", sample.powerDraw());
        out.writeEndObject();
    }

    private String local(Instant moment) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.atZone(zone));
    }

    @Override
    public synchronized void close() {
        monitor.ifPresent(PerformanceMonitor::close);
    }
}
