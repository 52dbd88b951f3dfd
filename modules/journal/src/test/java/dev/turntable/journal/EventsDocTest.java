package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.event.Decision;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/events.md} says what the sealed types of events say, to the letter. After a change write it anew with
 * {@code mvn -pl modules/journal -am test -Dtest=EventsDocTest -Dturntable.write=true -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class EventsDocTest {
    private static final Path DOC = Path.of("..", "..", "docs", "events.md");
    private static final Path SOURCES = Path.of("..", "event", "src", "main", "java", "dev", "turntable", "event");
    private static final Pattern DOCUMENTED = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*@EventType\\((?:value = )?\"([^\"]+)\"[^)]*\\)", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) ((?:(?!@param).)*)", Pattern.DOTALL);

    private final Map<String, String> javadoc = new HashMap<>();

    @Test
    void theDocumentIsFresh() throws IOException {
        String fresh = document();
        if (Boolean.getBoolean("turntable.write")) {
            Files.writeString(DOC, fresh);
        }
        assertEquals(fresh, Files.readString(DOC), "docs/events.md is stale: see this test's comment");
    }

    private String document() throws IOException {
        for (String file : List.of("Fact.java", "Decision.java")) {
            Matcher matcher = DOCUMENTED.matcher(Files.readString(SOURCES.resolve(file)));
            while (matcher.find()) {
                javadoc.put(matcher.group(2), plain(matcher.group(1)));
            }
        }
        StringBuilder out = new StringBuilder("""
                # Events

                Generated from the sealed types in `modules/event` by `EventsDocTest`; do not edit.

                A commit is one **fact** (something that happened outside the core) with every **decision** the core drew from it. An event's
                `type` is the name below; from version 2 on a `v` follows. Fields that are empty are left out. Durations are numbers of
                microseconds, moments RFC 3339 text in UTC, a request is `r-12`, a swap `s-3`, a run `model#4`.

                ## Facts

                """);
        describe(Fact.class, out);
        out.append("## Decisions\n\n");
        describe(Decision.class, out);
        return out.toString().strip() + "\n";
    }

    private void describe(Class<?> sealed, StringBuilder out) {
        for (Class<?> type : RandomRecords.leaves(sealed)) {
            EventType event = type.getAnnotation(EventType.class);
            String text = javadoc.getOrDefault(event.value(), "");
            out.append("### `").append(event.value()).append('`');
            out.append(event.version() > 1 ? " version " + event.version() : "").append("\n\n");
            String main = text.split("@param", 2)[0].strip();
            out.append(main.isEmpty() ? "" : main + "\n\n");
            table(type, parameters(text), out);
        }
    }

    private static void table(Class<?> type, Map<String, String> parameters, StringBuilder out) {
        if (type.getRecordComponents().length == 0) {
            return;
        }
        out.append("| field | is |\n|---|---|\n");
        for (RecordComponent component : type.getRecordComponents()) {
            String note = parameters.getOrDefault(component.getName(), "");
            out.append("| `").append(Shapes.snakeCase(component.getName())).append("` | ");
            out.append(name(component.getGenericType()))
                    .append(note.isEmpty() ? "" : ": " + note)
                    .append(" |\n");
        }
        out.append('\n');
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2).strip());
        }
        return parameters;
    }

    /** A Javadoc comment as Markdown on one line. */
    private static String plain(String comment) {
        return comment.replaceAll("(?m)^\\s*\\* ?", "")
                .replaceAll("\\{@(?:code|link) (?:\\w+#)?([^}]*)}", "`$1`")
                .replaceAll("<p>|</?em>", "")
                .replace("|", "\\|")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String name(Type type) {
        if (type instanceof ParameterizedType p) {
            String of = name(p.getActualTypeArguments()[0]);
            if (p.getRawType() == Optional.class) {
                return of + ", may be missing";
            }
            if (p.getRawType() == Map.class) {
                return "object: " + of + " → " + name(p.getActualTypeArguments()[1]);
            }
            return "list of " + of;
        }
        Class<?> c = (Class<?>) type;
        return switch (c.getSimpleName()) {
            case "String" -> "text";
            case "int", "long", "Integer", "Long" -> "integer";
            case "OptionalInt", "OptionalLong" -> "integer, may be missing";
            case "boolean", "Boolean" -> "boolean";
            case "double", "Double" -> "number";
            default -> ofClass(c);
        };
    }

    private static String ofClass(Class<?> c) {
        if (c == Duration.class) {
            return "microseconds";
        } else if (c == Instant.class) {
            return "moment";
        } else if (c.isEnum()) {
            return Arrays.stream(c.getEnumConstants())
                    .map(constant -> "`" + ((Enum<?>) constant).name().toLowerCase(Locale.ROOT) + "`")
                    .collect(Collectors.joining(", ", "one of ", ""));
        } else if (c.isSealed()) {
            TreeSet<String> choices = new TreeSet<>();
            RandomRecords.leaves(c).forEach(leaf -> choices.add(Shapes.wireName(leaf)));
            return "object with `type` "
                    + choices.stream().map(s -> "`" + s + "`").collect(Collectors.joining(", "));
        }
        String simple = Shapes.snakeCase(c.getSimpleName()).replace('_', ' ');
        boolean id = simple.endsWith(" id") || c.getRecordComponents().length == 1;
        return id ? simple.replace(" id", "") : "object " + fields(c);
    }

    private static String fields(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(component -> Shapes.snakeCase(component.getName()))
                .collect(Collectors.joining("`, `", "{`", "`}"));
    }
}
