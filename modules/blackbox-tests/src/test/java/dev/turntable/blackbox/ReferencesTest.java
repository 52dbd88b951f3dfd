package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents and comments point to is there, and their lines can be read without a scroll bar. */
class ReferencesTest {
    private static final int COLUMNS = 160;

    private static final Path SPECIFICATION = Image.ROOT.resolve("docs/spec/llama-swap-behaviour.md");
    private static final Pattern HEAD = Pattern.compile("(?m)^#+ (\\d+(?:\\.\\w+)?)\\.? ");
    private static final Pattern NOTE = Pattern.compile("(?m)^(\\d+)\\. \\*\\*");

    /** Of an RFC the sections are the RFC's. */
    private static final Pattern SECTION = Pattern.compile("(RFC \\d+ )?§ ?(\\d+(?:\\.\\w+)*)");

    /** A folder of the project and what follows; not the end of a longer path, such as that of a route. */
    private static final Pattern PATH = Pattern.compile(
            "(?<![\\w/.-])(?:docs|modules|config|scripts|image)/[\\w./*<>-]*\\w|(?<![\\w/.-])[\\w-]+\\.md\\b");

    private static final Pattern LINK = Pattern.compile("\\[[^]\\n]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
    private static final Pattern CLASS = Pattern.compile("`([a-z0-9]+)\\.(?:[a-z0-9]+\\.)*([A-Z]\\w+)`");

    @Test
    void everySectionThatIsNamedIsOneOfTheSpecification() {
        String specification = Sources.text(SPECIFICATION);
        Set<String> sections =
                HEAD.matcher(specification).results().map(r -> r.group(1)).collect(Collectors.toSet());
        String notes = specification.substring(specification.indexOf("\n## 13."));
        NOTE.matcher(notes).results().forEach(note -> sections.add("13." + note.group(1)));
        assertTrue(sections.containsAll(Set.of("1", "2.10", "10.A", "13.18")), sections::toString);
        assertNone("name a section there is not", SECTION, r -> r.group(1) != null || sections.contains(r.group(2)));
    }

    @Test
    void everyFileThatIsNamedIsThere() {
        assertEquals(
                "",
                lines(Sources.prose().stream()
                        .filter(line -> !line.file().equals(SPECIFICATION))
                        .filter(line ->
                                PATH.matcher(line.text()).results().anyMatch(r -> !exists(line.file(), r.group())))),
                "these name a file there is not");
    }

    /** A name as people write it: from the root, from here, of a document, {@code *} or {@code <x>} for any part, a decision's number. */
    private static boolean exists(Path file, String name) {
        String any = name.replaceAll("<\\w+>", "*");
        return Stream.of(Image.ROOT, file.getParent(), Image.ROOT.resolve("docs"))
                .anyMatch(folder -> {
                    Path path = folder.resolve(any.contains("*") ? any.substring(0, any.indexOf('*')) : any)
                            .normalize();
                    return Files.exists(any.contains("*") && !any.contains("/*") ? path.getParent() : path)
                            || begins(path);
                });
    }

    /** {@code docs/decisions/0050} is said for the one page that begins so. */
    private static boolean begins(Path path) {
        if (!path.getFileName().toString().matches("\\d{4}") || !Files.isDirectory(path.getParent())) {
            return false;
        }
        try (Stream<Path> files = Files.list(path.getParent())) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(path.getFileName() + "-"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyLinkOfADocumentLeadsSomewhere() {
        assertEquals(
                "",
                lines(Sources.documents().stream().flatMap(Sources::lines).filter(line -> LINK.matcher(
                                CODE.matcher(line.text()).replaceAll("``"))
                        .results()
                        .map(link -> link.group(1))
                        .anyMatch(target -> !leads(line.file(), target)))),
                "these have a link that leads nowhere");
    }

    private static boolean leads(Path from, String target) {
        if (target.startsWith("http")) {
            return true;
        }
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? from : from.getParent().resolve(path).normalize();
        return Files.exists(file) && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
    }

    /** Heads as links name them: lower case, blanks as hyphens, nothing else but letters and digits. */
    private static Set<String> anchors(Path document) {
        return Sources.text(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(head -> head.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** {@code proxy.Rewrite} in a document is a class of the room {@code proxy}. */
    @Test
    void everyClassThatADocumentNamesWithItsRoomIsThere() {
        Set<String> rooms = RoomTable.read().arrows().keySet();
        Set<String> classes = Sources.java().stream()
                .map(file -> Image.ROOT.resolve("modules").relativize(file))
                .filter(file -> !file.startsWith(".."))
                .map(file ->
                        file.getName(0) + "." + file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertEquals(
                "",
                lines(Sources.documents().stream().flatMap(Sources::lines).filter(line -> CLASS.matcher(line.text())
                        .results()
                        .filter(r -> rooms.contains(r.group(1)))
                        .anyMatch(r -> !classes.contains(r.group(1) + "." + r.group(2))))),
                "these name a class there is not");
    }

    /** Rows of a table cannot be broken, generated pages are not, and what a test compares with is given as it is. */
    @Test
    void noLinePassesTheMargin() {
        assertEquals(
                "",
                lines(Stream.concat(Sources.java().stream(), Sources.documents().stream())
                        .flatMap(Sources::lines)
                        .filter(line -> line.text().length() > COLUMNS)
                        .filter(line -> !line.text().startsWith("|")
                                && !line.file().endsWith("docs/events.md")
                                && !isData(line))),
                "these are longer than " + COLUMNS + " columns");
    }

    /** In a test, a line of a text block, or one that is nothing but a text. */
    private static boolean isData(Sources.Line line) {
        String text = line.text().strip();
        return line.file().toString().contains("/src/test/")
                && (text.matches("(?:\\+ |return )?\".*\"[,;)+ ]*") || isInTextBlock(line));
    }

    private static boolean isInTextBlock(Sources.Line line) {
        return Sources.lines(line.file())
                                .limit(line.number() - 1L)
                                .filter(before -> before.text().split("\"\"\"", -1).length % 2 == 0)
                                .count()
                        % 2
                == 1;
    }

    private static void assertNone(String what, Pattern pattern, Predicate<MatchResult> good) {
        assertEquals(
                "",
                lines(Sources.prose().stream()
                        .filter(line -> pattern.matcher(line.text()).results().anyMatch(good.negate()))),
                "these " + what);
    }

    private static String lines(Stream<Sources.Line> lines) {
        List<String> all = lines.map(Sources.Line::toString).toList();
        return String.join("\n", all);
    }
}
