package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.ModelId;
import dev.turntable.history.History;
import dev.turntable.history.Moment;
import dev.turntable.logs.LogSource;
import dev.turntable.logs.LogStreams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** {@code GET /api/models}: what the record does not know of models: the memory their processes hold, and what failed ones printed last; our own addition. */
final class ModelDetails {
    /** Lines of a failed start that a list has room for. */
    private static final int LAST_LINES = 3;

    private static final Path PROC = Path.of("/proc");

    private final History history;
    private final LogStreams logs;

    ModelDetails(History history, LogStreams logs) {
        this.history = history;
        this.logs = logs;
    }

    void list(Call call) {
        Moment now = history.state().at(Optional.empty());
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("models");
            for (Map.Entry<ModelId, Long> process : now.processes().entrySet()) {
                out.writeStartObject();
                out.writeStringField("model", process.getKey().value());
                OptionalLong memory = memory(process.getValue());
                if (memory.isPresent()) {
                    out.writeNumberField("memory_bytes", memory.getAsLong());
                }
                out.writeEndObject();
            }
            for (ModelId failed : now.failed()) {
                lastWords(out, failed);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void lastWords(JsonGenerator out, ModelId model) throws IOException {
        out.writeStartObject();
        out.writeStringField("model", model.value());
        String text = new String(logs.history(new LogSource.OfModel(model)), StandardCharsets.UTF_8);
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        Json.strings(out, "last_lines", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        out.writeEndObject();
    }

    /** Resident memory of the process and its descendants; empty where the kernel does not say. */
    private static OptionalLong memory(long pid) {
        LongStream all = ProcessHandle.of(pid).stream()
                .flatMapToLong(process -> LongStream.concat(
                        LongStream.of(pid), process.descendants().mapToLong(ProcessHandle::pid)));
        long sum = all.map(ModelDetails::resident).sum();
        return sum == 0 ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    private static long resident(long pid) {
        try (var lines = Files.lines(PROC.resolve(pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException | RuntimeException gone) {
            return 0;
        }
    }
}
