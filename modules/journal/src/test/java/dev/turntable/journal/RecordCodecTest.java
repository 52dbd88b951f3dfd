package dev.turntable.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Event;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records go to JSON and come back the same, in the wire form the design states, and nothing else is read. */
class RecordCodecTest {
    private static final int DRAWS = 300;
    private final RecordCodec<Event> events = RecordCodec.of(Event.class);

    static Stream<Class<?>> everyEvent() {
        return RandomRecords.leaves(Event.class).stream();
    }

    @ParameterizedTest
    @MethodSource("everyEvent")
    void everyEventComesBackAsItWas(Class<? extends Event> type) {
        RandomRecords random = new RandomRecords(new Random(type.getName().hashCode()));
        for (int i = 0; i < DRAWS; i++) {
            Event event = random.next(type);
            byte[] json = events.encode(event);
            Event back = events.decode(json);
            assertEquals(event, back);
            assertArrayEquals(json, events.encode(back));
        }
    }

    @Test
    void testsRunInsideTheirModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void anEventBeginsWithItsTypeAndLeavesOutWhatIsEmpty() {
        assertEquals(
                "{\"type\":\"start.ordered\",\"run\":\"qwen#14\",\"deadline\":\"2026-09-01T10:00:00.123456Z\",\"reason\":\"requested\"}",
                json(new Decision.StartOrdered(
                        new RunId(new ModelId("qwen"), 14),
                        OptionalInt.empty(),
                        Instant.parse("2026-09-01T10:00:00.123456Z"),
                        Reason.REQUESTED)));
    }

    @Test
    void durationsAreMicroseconds() {
        assertEquals(
                "{\"type\":\"request.finished\",\"request\":\"r-12\",\"outcome\":\"client_gone\",\"status\":200,\"bytes\":7,"
                        + "\"first_byte\":1500,\"duration\":2000000.001}",
                json(new Fact.RequestFinished(
                        new RequestId(12),
                        Outcome.CLIENT_GONE,
                        200,
                        7,
                        Optional.of(Duration.ofNanos(1_500_000)),
                        Duration.ofNanos(2_000_000_001L),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    }

    @Test
    void whatIsReadMustFitExactly() {
        refused("{\"type\":\"load.asked\",\"model\":\"m\"}", "lacks its field by");
        refused("{\"type\":\"load.asked\",\"model\":\"m\",\"by\":\"ttl\",\"x\":1}", "has no field x");
        refused("{\"type\":\"load.asked\",\"model\":\"m\",\"model\":\"m\",\"by\":\"ttl\"}", "stands twice");
        refused("{\"type\":\"load.asked\",\"model\":7,\"by\":\"ttl\"}", "expected text, found the number 7 at /model");
        refused("{\"type\":\"load.asked\",\"model\":null,\"by\":\"ttl\"}", "found null");
        refused("{\"type\":\"load.asked\",\"model\":\"m\",\"by\":\"ttl\"} {}", "stands behind");
        refused("{\"type\":\"load.asked\",\"model\":\"m\",\"by\":\"tt", "not the JSON");
        refused("{\"model\":\"m\",\"type\":\"load.asked\",\"by\":\"ttl\"}", "begins with its type");
        refused("{\"type\":\"load.demanded\",\"model\":\"m\",\"by\":\"ttl\"}", "no Event is called load.demanded");
        refused(
                "{\"type\":\"load.asked\",\"v\":2,\"model\":\"m\",\"by\":\"ttl\"}",
                "has version 2, this program reads 1");
        refused("{\"type\":\"kill.ordered\",\"run\":\"m\",\"reason\":\"ttl\"}", "not a run: m");
        refused("{\"type\":\"kill.ordered\",\"run\":\"m#1\",\"reason\":\"boredom\"}", "no such Reason: boredom");
        refused("", "");
    }

    private void refused(String json, String why) {
        JournalException e = assertThrows(JournalException.class, () -> events.decode(json.getBytes(UTF_8)), json);
        assertEquals(JournalException.Code.UNREADABLE, e.code());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private String json(Event event) {
        return new String(events.encode(event), UTF_8);
    }

    sealed interface Shape2 {
        @EventType(value = "circle.drawn", version = 3)
        record Circle(int radius, Optional<String> colour) implements Shape2 {}
    }

    @Test
    void oldVersionsAreRaisedStepByStep() {
        Upcasters upcasters = Upcasters.none()
                .with("ring.drawn", 1, "circle.drawn", fields -> {
                    fields.put("diameter", fields.remove("width"));
                    return fields;
                })
                .with("circle.drawn", 2, fields -> Map.of("radius", ((Number) fields.get("diameter")).intValue() / 2));
        RecordCodec<Shape2> codec = RecordCodec.of(Shape2.class, MethodHandles.lookup(), upcasters);
        Shape2 circle = new Shape2.Circle(4, Optional.empty());
        assertEquals(circle, codec.decode("{\"type\":\"ring.drawn\",\"width\":8}".getBytes(UTF_8)));
        assertEquals(circle, codec.decode("{\"type\":\"circle.drawn\",\"v\":2,\"diameter\":8}".getBytes(UTF_8)));
        assertEquals(circle, codec.decode("{\"type\":\"circle.drawn\",\"v\":3,\"radius\":4}".getBytes(UTF_8)));
        assertEquals("{\"type\":\"circle.drawn\",\"v\":3,\"radius\":4}", new String(codec.encode(circle), UTF_8));
    }

    record Everything(
            Map<ModelId, Integer> plain,
            NavigableMap<RunId, List<String>> sorted,
            Set<ModelId> set,
            Optional<Duration> maybe) {}

    @Test
    void mapsAndSetsAreWrittenInOneOrderWhateverTheirOwnIs() {
        RecordCodec<Everything> codec = RecordCodec.of(Everything.class, MethodHandles.lookup());
        NavigableMap<RunId, List<String>> sorted = new TreeMap<>(
                Map.of(new RunId(new ModelId("a"), 10), List.of("x"), new RunId(new ModelId("b"), 9), List.of()));
        Everything value = new Everything(
                Map.of(new ModelId("b"), 2, new ModelId("a"), 1, new ModelId("c"), 3),
                sorted,
                Set.of(new ModelId("z"), new ModelId("y")),
                Optional.empty());
        String json = new String(codec.encode(value), UTF_8);
        assertEquals(
                "{\"plain\":{\"a\":1,\"b\":2,\"c\":3},\"sorted\":{\"b#9\":[],\"a#10\":[\"x\"]},\"set\":[\"y\",\"z\"]}",
                json);
        assertEquals(value, codec.decode(json.getBytes(UTF_8)));
        assertEquals(codec.hash(value), codec.hash(codec.decode(json.getBytes(UTF_8))));
    }
}
