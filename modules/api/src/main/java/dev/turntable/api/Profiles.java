package dev.turntable.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.turntable.config.Config;
import dev.turntable.config.Profile;
import dev.turntable.event.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /api/profiles…}: which renamings can be switched on and which are (llama-swap §3.7). The selection is state of the core. */
final class Profiles {
    /** A request names one profile; more than this is no such request. */
    private static final int MAX_BODY = 64 << 10;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_BODY)
                    .maxNestingDepth(100)
                    .build())
            .build();

    private final Supplier<Config> config;
    private final Core core;

    Profiles(Supplier<Config> config, Core core) {
        this.config = config;
        this.core = core;
    }

    void list(Call call) {
        Config now = config.get();
        Optional<String> active = core.activeProfile();
        Answers.json(call, out -> {
            out.writeStartObject();
            active(out, active);
            out.writeArrayFieldStart("profiles");
            for (Profile profile : now.profiles().values()) {
                out.writeStartObject();
                out.writeStringField("id", profile.id());
                out.writeStringField("description", profile.description());
                Json.strings(out, "pins", profile.pins());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    void activate(Call call) throws IOException {
        Optional<String> wanted = wanted(call.exchange().content());
        wanted.filter(name -> !config.get().profiles().containsKey(name)).ifPresent(name -> {
            throw ApiException.notFound("profile " + Words.quoted(name) + " not found");
        });
        if (!core.activeProfile().equals(wanted)) {
            core.submit(new Fact.ProfileActivated(wanted, Operators.of(call)));
        }
        Answers.json(call, out -> {
            out.writeStartObject();
            active(out, wanted);
            out.writeEndObject();
        });
    }

    static void active(JsonGenerator out, Optional<String> active) throws IOException {
        if (active.isPresent()) {
            out.writeStringField("active", active.get());
        } else {
            out.writeNullField("active");
        }
    }

    /** The name in the first JSON value of the body; {@code null} and the empty name both mean none. */
    private static Optional<String> wanted(InputStream body) {
        boolean named = false;
        Optional<String> name = Optional.empty();
        boolean rightType = true;
        try (JsonParser in = JSON.createParser(body)) {
            JsonToken first = in.nextToken();
            if (first == JsonToken.VALUE_NULL) {
                throw ApiException.bad("profile name is required");
            }
            if (first != JsonToken.START_OBJECT) {
                throw ApiException.bad("invalid profile request");
            }
            while (in.nextToken() != JsonToken.END_OBJECT) {
                boolean wanted = in.currentName().equals("name");
                JsonToken value = in.nextToken();
                if (!wanted) {
                    in.skipChildren();
                    continue;
                }
                named = true;
                rightType = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL;
                name = value == JsonToken.VALUE_STRING ? Optional.of(in.getText()) : Optional.empty();
                in.skipChildren();
            }
        } catch (IOException unreadable) {
            throw ApiException.bad("invalid profile request");
        }
        if (!named) {
            throw ApiException.bad("profile name is required");
        }
        if (!rightType) {
            throw ApiException.bad("profile name must be a string or null");
        }
        return name.filter(n -> !n.isEmpty());
    }
}
