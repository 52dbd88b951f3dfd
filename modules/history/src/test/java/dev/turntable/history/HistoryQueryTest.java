package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Stage;
import dev.turntable.event.Timer;
import dev.turntable.event.Tokens;
import dev.turntable.journal.Journal;
import dev.turntable.journal.MemoryJournal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The history can be paged through in both directions with any filter, and says what led to what (docs/http-api.md). */
class HistoryQueryTest {
    private final World world = new World();
    private History history;

    @BeforeEach
    void write() {
        world.write(new Fact.ServerStarted("0", 1, "boot"));
        RunId a = world.swapped(Optional.empty(), World.A);
        for (int i = 0; i < 150; i++) {
            world.served(a, Tokens.NONE);
        }
        RunId b = world.swapped(Optional.of(a), World.B);
        world.ttlStop(b);
        history = History.open(world.journal);
    }

    @AfterEach
    void close() {
        history.close();
        world.close();
    }

    private HistoryQuery.Page page(String... parameters) {
        Map<String, List<String>> map = new TreeMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.computeIfAbsent(parameters[i], _ -> new ArrayList<>()).add(parameters[i + 1]);
        }
        return history.query().page(HistoryFilter.parse(map));
    }

    private List<String> walk(String order, String limit, String... filter) {
        List<String> ids = new ArrayList<>();
        List<String> parameters = new ArrayList<>(List.of("order", order, "limit", limit));
        parameters.addAll(List.of(filter));
        HistoryQuery.Page page = page(parameters.toArray(String[]::new));
        while (!page.events().isEmpty()) {
            page.events().forEach(event -> ids.add(event.id()));
            List<String> more = new ArrayList<>(parameters);
            more.addAll(List.of(order.equals("asc") ? "after" : "before", page.next()));
            page = page(more.toArray(String[]::new));
        }
        return ids;
    }

    @Test
    void walkingUpOrDownShowsEveryEventOnceInOrder() {
        List<String> expected = new ArrayList<>();
        try (var reader = world.journal.read(1)) {
            while (reader.hasNext()) {
                var commit = reader.next();
                for (int n = 0; n <= commit.decisions().size(); n++) {
                    expected.add(commit.seq() + "." + n);
                }
            }
        }
        assertEquals(expected, walk("asc", "7"));
        assertEquals(expected.reversed(), walk("desc", "7"));
    }

    @ParameterizedTest
    @CsvSource({
        "type,swap.*",
        "type,request.finished",
        "model,b",
        "run,a#1",
        "request,r-3",
        "swap,s-2",
        "actor,ttl",
        "actor,process",
        "model,nobody"
    })
    void aFilterShowsExactlyWhatMatches(String name, String value) {
        List<String> expected = new ArrayList<>();
        for (ShownEvent event : page("limit", "1000").events()) {
            boolean wanted =
                    switch (name) {
                        case "type" ->
                            value.endsWith("*")
                                    ? event.event().type().startsWith("swap.")
                                    : event.event().type().equals(value);
                        case "model" ->
                            event.links()
                                    .model()
                                    .filter(m -> m.value().equals(value))
                                    .isPresent();
                        case "run" ->
                            event.links()
                                    .run()
                                    .filter(r -> r.toString().equals(value))
                                    .isPresent();
                        case "request" ->
                            event.links()
                                    .request()
                                    .filter(r -> r.toString().equals(value))
                                    .isPresent();
                        case "swap" ->
                            event.links()
                                    .swap()
                                    .filter(s -> s.toString().equals(value))
                                    .isPresent();
                        default -> event.actor().value().equals(value);
                    };
            if (wanted) {
                expected.add(event.id());
            }
        }
        assertEquals(expected, walk("asc", "3", name, value));
        assertEquals(expected.reversed(), walk("desc", "3", name, value));
    }

    @Test
    void nextAdvancesEvenWhenNothingMatched() {
        HistoryQuery.Page page = page("model", "nobody");
        assertEquals(List.of(), page.events());
        assertEquals(page.head(), page.next());
        world.write(world.arrival(world.newRequest(), new ModelId("nobody")));
        assertEquals(1, page("model", "nobody", "after", page.next()).events().size());
    }

    @Test
    void previousLeadsBack() {
        HistoryQuery.Page first = page("limit", "5");
        HistoryQuery.Page second = page("limit", "5", "after", first.next());
        HistoryQuery.Page back = page("limit", "5", "order", "desc", "before", second.previous());
        assertEquals(first.events(), back.events().reversed());
    }

    @Test
    void timesBoundThePageInclusively() {
        ShownEvent ttl = page("type", "timer.fired").events().getFirst();
        HistoryQuery.Page page =
                page("from", ttl.time().toString(), "to", ttl.time().toString());
        assertEquals(
                "timer.fired",
                page.events().get(page.events().size() - 3).event().type());
        assertTrue(page.events().stream().allMatch(event -> event.time().equals(ttl.time())));
    }

    @ParameterizedTest
    @CsvSource({
        "limit,0",
        "limit,1001",
        "limit,x",
        "order,up",
        "run,a",
        "request,7",
        "swap,x",
        "type,Bad Type",
        "type,nope.nope",
        "type,nope.*",
        "type,' '",
        "from,yesterday",
        "after,nonsense",
        "nope,1"
    })
    void aBadFilterIsRefused(String name, String value) {
        assertEquals(
                400,
                assertThrows(HistoryException.class, () -> page(name, value))
                        .code()
                        .status());
    }

    @Test
    void whatIsAskedAboutAModelHasTheEndsOfItsRequestsToo() {
        try (Journal journal = MemoryJournal.create();
                History ends = History.open(journal)) {
            Decided told = new Decided(journal);
            RequestId ours = told.ask(1, World.A);
            told.ready(World.A);
            RequestId theirs = told.ask(2, World.B);
            for (int i = 0; i < 3 * CommitIndex.BLOCK; i++) {
                told.fact(new Fact.HttpServed("GET", "/", "HTTP/1.1", 200, 0, "::1", Optional.empty(), Duration.ZERO));
            }
            told.fact(new Fact.RequestAbandoned(theirs, Stage.QUEUED, Actor.REQUEST));
            told.finish(ours, Outcome.OK, 200);
            told.finish(theirs, Outcome.CLIENT_GONE, 0);
            RequestId lost = told.ask(3, World.A);
            told.fact(new Fact.ServerStarted("0", 2, "boot"));
            told.finish(lost, Outcome.CANCELLED, 0);
            ends.swaps(); // has taken in what there is
            List<ShownEvent> found = ends.query()
                    .page(HistoryFilter.parse(Map.of("model", List.of("a"), "type", List.of("request.finished"))))
                    .events();
            assertEquals(
                    List.of(Optional.of(ours), Optional.of(lost)),
                    found.stream().map(event -> event.links().request()).toList());
            assertEquals(Optional.of(World.A), found.getFirst().links().model());
        }
    }

    @Test
    void aCursorOfAnotherJournalIsRefused() {
        try (World other = new World(new dev.turntable.journal.MemoryDisk("other"))) {
            String foreign = other.journal.cursors().of(1, 0);
            assertEquals(
                    409,
                    assertThrows(HistoryException.class, () -> page("after", foreign))
                            .code()
                            .status());
        }
    }

    @Test
    void anEventThatWasNeverIssuedIsNotFound() {
        for (String id : List.of("999999.0", "1.99", "0.0")) {
            assertEquals(
                    404,
                    assertThrows(HistoryException.class, () -> history.query().event(id))
                            .code()
                            .status(),
                    id);
        }
        for (String id : List.of("x", "1", "1.0.0", "-1.0")) {
            assertEquals(
                    400,
                    assertThrows(HistoryException.class, () -> history.query().event(id))
                            .code()
                            .status(),
                    id);
        }
    }

    @Test
    void anEventIsShownWithItsLinksBesideItsData() {
        ShownEvent swap = page("type", "swap.started", "model", "b").events().getFirst();
        String json = new String(swap.json(), StandardCharsets.UTF_8);
        assertEquals(
                "{\"cursor\":\"%s\",\"id\":\"%s\",\"seq\":%d,\"n\":1,\"time\":\"%s\",\"kind\":\"decision\",\"type\":\"swap.started\",\"v\":1,\"model\":\"b\",\"run\":\"b#2\",\"swap\":\"s-2\",\"cause\":\"%d.0\",\"actor\":\"request\",\"data\":{\"evict\":[\"a#1\"],\"reason\":\"requested\",\"router\":\"group\",\"cost\":0,\"queue_depth\":0}}"
                        .formatted(
                                swap.cursor(),
                                swap.id(),
                                swap.seq(),
                                swap.time().toString().replace("Z", "").length() > 19
                                        ? swap.time().toString().replaceAll("(\\.\\d{3})Z", "$1000Z")
                                        : swap.time().toString().replace("Z", ".000000Z"),
                                swap.seq()),
                json);
    }

    @Test
    void causesLeadFromAnExitToTheRequestThatWantedTheOtherModel() {
        ShownEvent exit = page("type", "process.exited", "model", "a").events().getFirst();
        List<String> types = history.query().chain(exit.id()).causes().stream()
                .map(event -> event.event().type())
                .toList();
        assertEquals(List.of("stop.ordered", "request.arrived"), types);
    }

    @Test
    void consequencesAreWhatFollowedFromTheEvent() {
        ShownEvent start = page("type", "start.ordered", "model", "b").events().getFirst();
        assertEquals(
                List.of("process.spawned"),
                history.query().chain(start.id()).consequences().stream()
                        .map(event -> event.event().type())
                        .toList());
        ShownEvent ttl = page("type", "timer.fired").events().getFirst();
        assertEquals(
                List.of("stop.ordered", "state.changed"),
                history.query().chain(ttl.id()).consequences().stream()
                        .map(event -> event.event().type())
                        .toList());
    }

    @Test
    void everyFactOfARequestPointsToWhatLetItHappen() {
        for (ShownEvent event :
                page("type", "request.finished", "limit", "1000").events()) {
            assertTrue(event.cause().isPresent(), event.id());
            assertEquals(
                    "request.admitted",
                    history.query().event(event.cause().get()).event().type());
        }
        assertFalse(page("type", "request.arrived").events().getFirst().cause().isPresent());
    }

    @Test
    void aTimerPointsToWhatArmedIt() {
        RunId run = world.newRun(World.A);
        var armed = world.write(new Fact.ServerStopped(), new Decision.TtlArmed(run, world.now()));
        world.pass(1);
        var fired = world.write(new Fact.TimerFired(new Timer.Ttl(run), world.now()));
        assertEquals(
                armed.seq() + ".1",
                history.query().event(fired.seq() + ".0").cause().orElseThrow());
    }
}
