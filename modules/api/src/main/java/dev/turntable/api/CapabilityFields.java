package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.config.Capabilities;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a model can do, in the words of the model list (llama-swap §3.5). */
final class CapabilityFields {
    private CapabilityFields() {}

    /** The flags that hold, sorted by name. */
    static List<String> flags(Capabilities capabilities) {
        List<String> in = capabilities.in();
        List<String> out = capabilities.out();
        List<String> flags = new ArrayList<>();
        add(flags, "audio_speech", in.contains("text") && out.contains("audio"));
        add(flags, "audio_transcriptions", in.contains("audio") && out.contains("text"));
        add(flags, "function_calling", capabilities.tools());
        add(flags, "image_generation", in.contains("text") && out.contains("image"));
        add(flags, "image_to_image", in.contains("image") && out.contains("image"));
        add(flags, "reranker", capabilities.reranker());
        add(flags, "vision", in.contains("image"));
        return flags;
    }

    private static void add(List<String> flags, String name, boolean holds) {
        if (holds) {
            flags.add(name);
        }
    }

    /** {@code architecture}, {@code capabilities}, {@code supported_parameters}, {@code context_length}, each only when it says something. */
    static void write(JsonGenerator out, Capabilities capabilities) throws IOException {
        boolean in = !capabilities.in().isEmpty();
        boolean output = !capabilities.out().isEmpty();
        if (in || output) {
            out.writeObjectFieldStart("architecture");
            if (in) {
                Json.strings(out, "input_modalities", capabilities.in());
            }
            if (output) {
                Json.strings(out, "output_modalities", capabilities.out());
            }
            if (in && output) {
                out.writeStringField(
                        "modality", String.join("+", capabilities.in()) + "->" + String.join("+", capabilities.out()));
            }
            out.writeEndObject();
        }
        writeFlags(out, capabilities);
        if (capabilities.tools()) {
            Json.strings(out, "supported_parameters", List.of("tools", "tool_choice"));
        }
        writeContext(out, capabilities);
    }

    static void writeFlags(JsonGenerator out, Capabilities capabilities) throws IOException {
        List<String> flags = flags(capabilities);
        if (!flags.isEmpty()) {
            out.writeObjectFieldStart("capabilities");
            for (String flag : flags) {
                out.writeBooleanField(flag, true);
            }
            out.writeEndObject();
        }
    }

    static void writeContext(JsonGenerator out, Capabilities capabilities) throws IOException {
        if (capabilities.context() > 0) {
            out.writeNumberField("context_length", capabilities.context());
        }
    }
}
