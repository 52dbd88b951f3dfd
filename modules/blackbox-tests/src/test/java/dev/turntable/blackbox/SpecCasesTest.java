package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No case of the specification's chapter 10 that shows from outside is without a test that names it. */
class SpecCasesTest {
    /** A line of chapter 10 that is a case: its number. */
    private static final Pattern CASE = Pattern.compile("(?m)^ *(\\d+[a-z]?)\\. given ");

    /** Groups of cases about configurations: golden files of the room {@code config} show them. */
    private static final String CONFIGURATIONS = "BCDEF";

    /** Cases of group A that the room {@code config} shows, in {@code ConfigWatcherTest}. */
    private static final Set<String> WATCHING = Set.of("8", "9", "10", "11", "12", "13");

    @Test
    void everyCaseIsNamedByATestAndEveryTestNamesACaseThereIs() throws Exception {
        assertEquals(lines(expected()), lines(named()), "cases of chapter 10 and those that @SpecCase names");
    }

    /** One a line, so that the difference can be read. */
    private static String lines(Set<String> cases) {
        return String.join("\n", cases);
    }

    private static Set<String> expected() throws IOException {
        String specification = Files.readString(Image.ROOT.resolve("docs/spec/llama-swap-behaviour.md"));
        int begin = specification.indexOf("\n## 10. ");
        String chapter = specification.substring(begin, specification.indexOf("\n## 11. "));
        return Stream.of(chapter.split("\n### 10\\."))
                .skip(1)
                .filter(group -> CONFIGURATIONS.indexOf(group.charAt(0)) < 0)
                .flatMap(group -> CASE.matcher(group).results().map(found -> found.group(1)))
                .filter(number -> !WATCHING.contains(number))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named() throws Exception {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> type(name.substring(0, name.length() - ".class".length())))
                    .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                    .filter(method -> method.isAnnotationPresent(SpecCase.class))
                    .flatMap(SpecCasesTest::cases)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Stream<String> cases(Method method) {
        return Stream.of(method.getAnnotation(SpecCase.class).value());
    }

    /** Where the classes of this package lie. */
    private static Path folder() throws IOException {
        try {
            return Path.of(SpecCasesTest.class
                            .getResource("SpecCasesTest.class")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(SpecCasesTest.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
