package dev.turntable.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.event.Event;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every version of every event that was ever written is read for ever: {@code events.jsonl} keeps a sample of each. A new event, or a new
 * version of one, gets its sample with {@code -Dturntable.write=true}; a line that cannot be read any more needs an upcaster, not a new line.
 */
class EventSamplesTest {
    private static final Path SAMPLES =
            Path.of("src", "test", "resources", "dev", "turntable", "journal", "events.jsonl");
    private static final Pattern TAG = Pattern.compile("\\{\"type\":\"([^\"]+)\"(?:,\"v\":(\\d+))?");

    private final RecordCodec<Event> codec = RecordCodec.of(Event.class);

    @Test
    void everySampleIsRead() throws IOException {
        List<String> unreadable = new ArrayList<>();
        for (String line : Files.readAllLines(SAMPLES)) {
            try {
                codec.decode(line.getBytes(UTF_8));
            } catch (JournalException e) {
                unreadable.add(e.getMessage() + ": " + line);
            }
        }
        assertEquals(List.of(), unreadable);
    }

    @Test
    void everyEventHasASampleOfItsVersion() throws IOException {
        Set<String> sampled = new TreeSet<>();
        for (String line : Files.readAllLines(SAMPLES)) {
            Matcher tag = TAG.matcher(line);
            tag.lookingAt();
            sampled.add(tag.group(1) + " " + (tag.group(2) == null ? "1" : tag.group(2)));
        }
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : RandomRecords.leaves(Event.class)) {
            EventType event = type.getAnnotation(EventType.class);
            if (!sampled.contains(event.value() + " " + event.version())) {
                missing.add(event.value() + " " + event.version());
                if (Boolean.getBoolean("turntable.write")) {
                    write((Event) new RandomRecords(new Random(event.value().hashCode())).next(type));
                }
            }
        }
        assertEquals(Set.of(), missing, "no sample: write it with -Dturntable.write=true");
    }

    @Test
    void anExitCodeThatNobodyKnewIsMissingAndNotMinusOne() {
        Event exited = codec.decode(
                "{\"type\":\"process.exited\",\"run\":\"m#1\",\"code\":-1,\"output_bytes\":0}".getBytes(UTF_8));
        assertEquals(OptionalInt.empty(), ((Fact.ProcessExited) exited).code());
    }

    private void write(Event event) throws IOException {
        String line = new String(codec.encode(event), UTF_8) + "\n";
        Files.writeString(SAMPLES, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
