package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house that no compiler checks, read from the class files of all rooms (docs/architecture.md). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseRulesTest {
    private static final Map<String, Set<String>> ARROWS = RoomTable.read().arrows();

    private static final long FILES = 25;

    private static final Pattern METHOD_WITH_UNDERSCORE =
            Pattern.compile("^    (?:static |private )*void \\w+_\\w*\\(");

    /** Packages that are larger for the time being; they may shrink. */
    private static final Map<String, Long> LARGE =
            Map.of("api", 50L, "config", 32L, "fsm", 46L, "history", 40L, "journal", 50L);

    /** What the pure rooms may not name: clocks, threads, locks, files, networks, chance, loggers. */
    private static final List<String> IMPURE = List.of(
            "java/io/File",
            "java/io/Input",
            "java/io/Output",
            "java/io/Print",
            "java/io/Random",
            "java/io/Reader",
            "java/io/Writer",
            "java/net/",
            "java/nio/channels/",
            "java/nio/file/",
            "java/lang/Process",
            "java/lang/System$Logger",
            "java/lang/Thread",
            "java/security/SecureRandom",
            "java/time/Clock",
            "java/util/Random",
            "java/util/Timer",
            "java/util/SplittableRandom",
            "java/util/concurrent/",
            "java/util/logging/",
            "java/util/random/",
            "org/slf4j/",
            "net/openhft/",
            "io/helidon/");

    /** The same for single methods of classes that are otherwise welcome. */
    private static final Set<String> IMPURE_METHODS = Set.of(
            "java/time/Instant.now",
            "java/time/LocalDate.now",
            "java/time/LocalDateTime.now",
            "java/time/ZonedDateTime.now",
            "java/time/OffsetDateTime.now",
            "java/lang/System.nanoTime",
            "java/lang/System.currentTimeMillis",
            "java/lang/System.getenv",
            "java/lang/System.getProperty",
            "java/lang/Math.random",
            "java/util/UUID.randomUUID",
            "java/lang/Object.wait",
            "java/lang/Object.notify",
            "java/lang/Object.notifyAll");

    @Test
    void theArchitecturesTableNamesEveryRoom() throws IOException {
        try (Stream<Path> modules = Files.list(Image.ROOT.resolve("modules"))) {
            Set<String> rooms = modules.filter(module -> Files.exists(module.resolve("pom.xml")))
                    .map(module -> module.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(rooms, new TreeSet<>(ARROWS.keySet()));
        }
    }

    /** An arrow that the table has and the descriptor lacks is a permission nobody uses. */
    @ParameterizedTest
    @MethodSource("rooms")
    void theArchitecturesTableNamesEveryArrow(Room room) {
        Set<String> known = room.descriptor().requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith("dev.turntable."))
                .map(name -> name.substring("dev.turntable.".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> allowed = ARROWS.get(room.name());
        if (allowed.contains(room.name())) { // "all"
            assertTrue(allowed.containsAll(known), known::toString);
        } else {
            assertEquals(new TreeSet<>(allowed), known, "docs/architecture.md says what " + room + " may know");
        }
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomsPackagesBeginWithItsNameAndItOffersNoService(Room room) {
        String own = "dev.turntable." + room.name();
        Set<String> packages = room.packages();
        assertTrue(packages.stream().allMatch(p -> p.equals(own) || p.startsWith(own + ".")), packages::toString);
        assertTrue(
                room.descriptor().uses().isEmpty()
                        && room.descriptor().provides().isEmpty(),
                "no service of our own");
    }

    @Test
    void aPackageHoldsOneTradeAndSoFewFiles() {
        Map<String, Long> files = Sources.java().stream()
                .filter(file -> file.toString().contains("/src/main/java/dev/"))
                .collect(Collectors.groupingBy(
                        file -> file.getParent().toString().replaceFirst(".*/src/main/java/dev/turntable/", ""),
                        TreeMap::new,
                        Collectors.counting()));
        files.entrySet().removeIf(e -> e.getValue() <= LARGE.getOrDefault(e.getKey(), FILES));
        assertEquals(Map.of(), files, "packages with more files than " + FILES);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomsDescriptorIsTheExpectedOne(Room room) throws IOException {
        Path file = room.folder().resolve("module-info.expected.txt");
        Path actual = room.folder().resolve("target/module-info.actual.txt");
        String description = room.description();
        Files.writeString(actual, description);
        String expected = Files.exists(file) ? Files.readString(file) : "(there is none)";
        assertEquals(
                expected,
                description,
                () -> "if it is meant: cp " + Image.ROOT.relativize(actual) + " " + Image.ROOT.relativize(file));
    }

    @ParameterizedTest
    @MethodSource("pureRooms")
    void aPureRoomNamesNothingImpure(Room room) {
        Set<String> named = new TreeSet<>();
        for (ClassFacts facts : room.classes()) {
            facts.types().stream()
                    .filter(type -> IMPURE.stream().anyMatch(type::startsWith) && !type.equals("java/net/URI"))
                    .forEach(type -> named.add(facts.name() + " -> " + type));
            facts.members().stream()
                    .filter(IMPURE_METHODS::contains)
                    .forEach(member -> named.add(facts.name() + " -> " + member));
        }
        assertEquals(Set.of(), named);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void onlyTheJournalNamesChronicle(Room room) {
        if (!room.name().equals("journal")) {
            assertEquals(Set.of(), room.naming(type -> type.startsWith("net/openhft/")));
            assertTrue(room.descriptor().requires().stream()
                    .noneMatch(r -> r.name().startsWith("chronicle.")));
        }
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void noRoomLooksForServicesOfItsOwn(Room room) {
        assertEquals(Set.of(), room.naming("java/util/ServiceLoader"::equals));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void noRoomKeepsStaticMutableState(Room room) {
        Set<String> mutable = room.classes().stream()
                .flatMap(facts -> facts.mutableStatics().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), mutable);
    }

    /** Those that start the image are no rooms, and testkit waits for all of them. */
    @Test
    void noTestSleeps() {
        Set<String> sleepers = Stream.of("blackbox-tests", "client-tests", "testkit")
                .map(name -> new Room(name, Image.ROOT.resolve("modules/" + name)))
                .flatMap(room -> Stream.concat(room.testClasses().stream(), room.classes().stream()))
                .filter(facts -> facts.members().contains("java/lang/Thread.sleep"))
                .map(ClassFacts::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), sleepers);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void noTestOfARoomSleeps(Room room) {
        Set<String> sleepers = room.testClasses().stream()
                .filter(facts -> facts.members().contains("java/lang/Thread.sleep"))
                .map(ClassFacts::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), sleepers);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomsTestsAssertThatTheyRunInANamedModule(Room room) {
        List<ClassFacts> tests = room.testClasses();
        if (!tests.isEmpty()) {
            assertTrue(
                    tests.stream().anyMatch(facts -> facts.members().contains("java/lang/Module.isNamed")),
                    room
                            + ": one test of the room asserts getClass().getModule().isNamed(): Surefire can fall back to the class path in silence");
        }
    }

    @Test
    void aTestsNameIsASentenceInCamelCase() {
        String names = Sources.java().stream()
                .filter(file -> file.toString().contains("/src/test/"))
                .flatMap(Sources::lines)
                .filter(line -> METHOD_WITH_UNDERSCORE.matcher(line.text()).find())
                .map(Sources.Line::toString)
                .collect(Collectors.joining("\n"));
        assertEquals("", names);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomHasAReadme(Room room) {
        assertTrue(Files.isRegularFile(room.folder().resolve("README.md")), room.name());
    }

    @Test
    void warningsAreErrors() throws IOException {
        String pom = Files.readString(Image.ROOT.resolve("pom.xml"));
        assertTrue(pom.contains("<arg>-Xlint:all") && pom.contains("<arg>-Werror</arg>"));
    }

    static Stream<Room> rooms() {
        return Room.all().stream();
    }

    static Stream<Room> pureRooms() {
        return Room.all().stream().filter(room -> Set.of("event", "fsm").contains(room.name()));
    }
}
