package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.RunId;
import dev.turntable.event.Tokens;
import dev.turntable.journal.Journal;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The past and the live tail come as one sequence: over any number of reconnects nothing is lost and nothing comes twice. */
class HistoryStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final World world = new World();
    private History history = History.open(world.journal);

    @AfterEach
    void close() {
        history.close();
        world.close();
    }

    private static Map<String, List<String>> from(String name, String value) {
        return Map.of(name, List.of(value));
    }

    @Test
    void aThousandReconnectsLoseAndDoubleNothing() throws Exception {
        int commits = 2_000;
        RunId run = world.newRun(World.A);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> {
                for (int i = 0; i < commits / 2; i++) {
                    world.served(run, Tokens.NONE);
                }
            });
            List<String> ids = new ArrayList<>();
            Random random = new Random(3);
            Optional<String> last = Optional.empty();
            int reconnects = 0;
            while (ids.size() < commits * 3 / 2) {
                HistoryStream stream = history.stream(last, last.isPresent() ? Map.of() : from("from", "earliest"));
                reconnects++;
                for (int i = random.nextInt(4); i >= 0 && ids.size() < commits * 3 / 2; i--) {
                    HistoryStream.Item item = stream.next(PATIENCE).orElseThrow();
                    HistoryStream.Happened happened = assertInstanceOf(HistoryStream.Happened.class, item);
                    ids.add(happened.event().id());
                    last = Optional.of(happened.event().cursor());
                }
            }
            writer.get();
            assertTrue(reconnects > 1_000, reconnects + " reconnects");
            List<String> expected = new ArrayList<>();
            for (long seq = 1; seq <= commits; seq++) {
                expected.add(seq + ".0");
                if (seq % 2 == 1) {
                    expected.add(seq + ".1");
                }
            }
            assertEquals(expected, ids);
        }
    }

    @Test
    void withoutACursorOnlyWhatComesNextIsSent() throws Exception {
        world.write(new Fact.ServerStarted("0", 1, "boot"));
        HistoryStream stream = history.stream(Optional.empty(), Map.of());
        assertEquals(Optional.empty(), stream.next(Duration.ofMillis(1)));
        world.write(new Fact.ServerStopping("SIGTERM", Optional.empty()));
        HistoryStream.Happened happened = assertInstanceOf(
                HistoryStream.Happened.class, stream.next(PATIENCE).orElseThrow());
        assertEquals("server.stopping", happened.event().event().type());
        String frame = new String(happened.frame(), StandardCharsets.UTF_8);
        assertTrue(frame.startsWith("id: " + happened.event().cursor() + "\nevent: server.stopping\ndata: {"), frame);
        assertTrue(frame.endsWith("}\n\n"), frame);
    }

    @Test
    void lastEventIdWinsOverAfter() throws Exception {
        world.write(new Fact.ServerStarted("0", 1, "boot"));
        world.write(new Fact.ServerStopping("SIGTERM", Optional.empty()));
        world.write(new Fact.ServerStopped());
        String first = world.journal.cursors().of(1, 0);
        String second = world.journal.cursors().of(2, 0);
        HistoryStream stream = history.stream(Optional.of(second), from("after", first));
        assertEquals(
                "3.0",
                assertInstanceOf(
                                HistoryStream.Happened.class,
                                stream.next(PATIENCE).orElseThrow())
                        .event()
                        .id());
    }

    @Test
    void aFilteredReaderIsToldHowFarItIs() throws Exception {
        HistoryStream stream = history.stream(Optional.empty(), from("type", "server.*"));
        RunId run = world.newRun(World.A);
        for (int i = 0; i < HistoryStream.BOOKMARK_AFTER; i++) {
            world.served(run, Tokens.NONE);
        }
        HistoryStream.Bookmark bookmark = assertInstanceOf(
                HistoryStream.Bookmark.class, stream.next(PATIENCE).orElseThrow());
        assertTrue(world.journal.cursors().parse(bookmark.cursor()).seq() >= HistoryStream.BOOKMARK_AFTER);
    }

    @Test
    void itResumesAcrossARestartOfTheServer() throws Exception {
        world.write(new Fact.ServerStarted("0", 1, "boot"));
        HistoryStream stream = history.stream(Optional.empty(), from("from", "earliest"));
        String cursor = assertInstanceOf(
                        HistoryStream.Happened.class, stream.next(PATIENCE).orElseThrow())
                .event()
                .cursor();
        world.write(world.end(world.newRequest(), 500, Optional.empty(), Optional.empty()));
        history.close();
        world.restart();
        history = History.open(world.journal);
        HistoryStream resumed = history.stream(Optional.of(cursor), Map.of());
        HistoryStream.Happened next = assertInstanceOf(
                HistoryStream.Happened.class, resumed.next(PATIENCE).orElseThrow());
        assertEquals(
                Outcome.UPSTREAM_ERROR, ((Fact.RequestFinished) next.event().event()).outcome());
        assertEquals(
                "server.started",
                assertInstanceOf(
                                HistoryStream.Happened.class,
                                resumed.next(PATIENCE).orElseThrow())
                        .event()
                        .event()
                        .type());
    }

    @Test
    void streamsEndWithTheServer() throws Exception {
        HistoryStream stream = history.stream(Optional.empty(), Map.of());
        history.endStreams();
        assertEquals(Optional.empty(), stream.next(PATIENCE));
        assertTrue(stream.over());
    }

    @Test
    void whatMakesNoSenseForAStreamIsRefused() {
        for (String name : List.of("before", "to", "order", "limit")) {
            assertEquals(
                    400,
                    assertThrows(HistoryException.class, () -> history.stream(Optional.empty(), from(name, "1")))
                            .code()
                            .status());
        }
    }

    @Test
    void aReaderWhoseNextEventIsNoLongerKeptIsToldToBeginAgain() throws Exception {
        RunId run = world.newRun(World.A);
        for (int i = 0; i < 300; i++) {
            world.served(run, Tokens.NONE);
        }
        AtomicLong earliest = new AtomicLong(1);
        Journal shrinking = (Journal) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Journal.class},
                (_, method, arguments) ->
                        method.getName().equals("earliest") ? earliest.get() : method.invoke(world.journal, arguments));
        try (History past = History.open(shrinking)) {
            past.activity();
            HistoryStream stream = past.stream(Optional.empty(), from("from", "earliest"));
            assertInstanceOf(HistoryStream.Happened.class, stream.next(PATIENCE).orElseThrow());
            earliest.set(500);
            HistoryStream.Item item = stream.next(PATIENCE).orElseThrow();
            while (item instanceof HistoryStream.Happened happened
                    && happened.event().seq() < 500) {
                item = stream.next(PATIENCE).orElseThrow();
            }
            HistoryStream.Reset reset = assertInstanceOf(HistoryStream.Reset.class, item);
            assertEquals(500, world.journal.cursors().parse(reset.earliest()).seq());
            assertTrue(stream.over());
            String old = world.journal.cursors().of(3, 0);
            HistoryException gone = assertThrows(
                    HistoryException.class, () -> past.query().page(HistoryFilter.parse(from("after", old))));
            assertEquals(410, gone.code().status());
            assertEquals(
                    500,
                    world.journal.cursors().parse(gone.earliest().orElseThrow()).seq());
        }
    }
}
