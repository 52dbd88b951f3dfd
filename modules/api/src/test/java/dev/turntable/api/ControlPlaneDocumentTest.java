package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.proxy.exchange.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/http-api.md} names every route of the control plane, no other, and gives each a curl line that fits. */
class ControlPlaneDocumentTest {
    private static final Pattern ROUTE = Pattern.compile("`((?:GET|POST|PUT|DELETE) /[^`]*)`");
    private static final Pattern CURL = Pattern.compile("^curl (?:-[iN] )?(?:-X (\\w+) )?\"?\\$H([^\\s\"?]*)");

    /** From its heading to the next chapter. */
    private static String section() throws IOException {
        String document = Files.readString(MetricsTest.documentation("http-api.md"));
        String from = document.substring(document.indexOf("\n## Control plane\n") + 1);
        int next = from.indexOf("\n## ", 3);
        return next < 0 ? from : from.substring(0, next);
    }

    @Test
    void everyRouteIsNamedAndNoOther() throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher routes = ROUTE.matcher(section());
        while (routes.find()) {
            named.add(routes.group(1));
        }
        assertEquals(there(), named);
    }

    @Test
    void everyRouteHasACurlLineThatFits() throws IOException {
        List<Matcher> lines =
                section().lines().map(CURL::matcher).filter(Matcher::find).toList();
        try (PlaneFixture fixture = PlaneFixture.with("models: {}")) {
            for (Route endpoint : fixture.plane.routes()) {
                assertTrue(
                        lines.stream()
                                .anyMatch(l -> (l.group(1) == null ? "GET" : l.group(1)).equals(endpoint.method())
                                        && endpoint.path().matches(l.group(2))),
                        "no curl line for " + endpoint.name());
            }
        }
    }

    @Test
    void whatIsOpenSaysSo() throws IOException {
        List<String> rows = section().lines().filter(l -> l.startsWith("| `")).toList();
        try (PlaneFixture fixture = PlaneFixture.with("models: {}")) {
            for (Route endpoint : fixture.plane.routes()) {
                String row = rows.stream()
                        .filter(l -> l.contains("`" + endpoint.name() + "`"))
                        .findFirst()
                        .orElseThrow();
                assertEquals(!endpoint.keyed(), row.contains("*open*"), row);
            }
        }
    }

    private static Set<String> there() {
        try (PlaneFixture fixture = PlaneFixture.with("models: {}")) {
            return new TreeSet<>(
                    fixture.plane.routes().stream().map(Route::name).toList());
        }
    }
}
