package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that leads from a symptom to its cause names only events that exist. */
class FailuresPageTest {
    private static final Pattern EVENT = Pattern.compile(
            "`((?:request|process|swap|config|server|ttl|backoff|orphan|disk|hold|stop|kill|start|unload|load|turn|timer|deadline)\\.[a-z_]+)`");

    @Test
    void everyEventOnThePageExists() throws IOException {
        Set<String> known = new HashSet<>();
        Stream.of(Fact.class, Decision.class)
                .flatMap(kind -> Arrays.stream(kind.getPermittedSubclasses()))
                .forEach(type -> known.add(type.getAnnotation(EventType.class).value()));
        Set<String> unknown = new TreeSet<>();
        int named = 0;
        Matcher events = EVENT.matcher(
                Files.readString(Path.of(System.getProperty("basedir"), "..", "..", "docs", "failures.md")));
        while (events.find()) {
            named++;
            if (!known.contains(events.group(1))) {
                unknown.add(events.group(1));
            }
        }
        assertEquals(Set.of(), unknown);
        assertTrue(named > 20, "the page names " + named + " events");
    }
}
