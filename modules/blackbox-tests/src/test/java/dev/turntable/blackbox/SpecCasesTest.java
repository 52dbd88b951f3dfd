package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No case of the specification's chapter 10 that shows from outside is without a test that names it. */
class SpecCasesTest {
    /** The letter of the group in chapter 10, then its cases. B to F are configurations: golden files of the room {@code config}. */
    private static final String CASES = """
            A 1-7 14-16
            G 93-106 106a 106b
            H 107-131 131a 131b 132-137
            I 138-150
            J 151-168 168a 168b
            K 169-191 191a 191b 192-193
            L 194-202
            M 203-225
            N 226-229
            O 230-235 235a 235b
            """;

    @Test
    void everyCaseIsNamedByATestAndEveryTestNamesACaseThereIs() throws Exception {
        assertEquals(lines(expected()), lines(named()), "cases of chapter 10 and those that @SpecCase names");
    }

    /** One a line, so that the difference can be read. */
    private static String lines(Set<String> cases) {
        return String.join("\n", cases);
    }

    private static Set<String> expected() {
        return CASES.lines()
                .flatMap(group -> Stream.of(group.split(" ")).skip(1))
                .flatMap(SpecCasesTest::range)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> range(String cases) {
        String[] ends = cases.split("-");
        return ends.length == 1
                ? Stream.of(cases)
                : IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]))
                        .mapToObj(Integer::toString);
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
