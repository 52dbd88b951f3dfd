package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.proxy.exchange.Route;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.UpstreamPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/http-api.md lists every route of the data plane, with a line to try it. */
class DataPlaneDocumentTest {
    private static String document() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/http-api.md"))) {
            here = here.getParent();
        }
        String all = Files.readString(here.resolve("docs/http-api.md"));
        return all.substring(all.indexOf("## Data plane"), all.indexOf("## Control plane"));
    }

    private static List<Route> routes() {
        var pool = new UpstreamPool(System::nanoTime, new ProxyEnvironment(Map.of()));
        try (DataPlane plane = new DataPlane(() -> null, Optional::empty, null, null, null, Path.of("none"), pool)) {
            return plane.routes();
        }
    }

    @Test
    void theTableHasExactlyTheRoutesThereAre() throws IOException {
        Set<String> expected = new TreeSet<>();
        for (Route route : routes()) {
            expected.add(route.name());
        }
        Set<String> listed = new TreeSet<>();
        Matcher matcher = Pattern.compile("`((?:GET|POST|ANY) /[^`]*)`").matcher(document());
        while (matcher.find()) {
            listed.add(matcher.group(1));
        }
        assertEquals(expected, listed);
    }

    @Test
    void everyRouteHasALineToTryIt() throws IOException {
        String document = document();
        for (Route route : routes()) {
            String path = route.path().text().replaceAll("\\{.*", "");
            assertTrue(
                    Pattern.compile("curl [^\\n]*\\$H" + Pattern.quote(path) + "(?=[\\s\"?/a-z]|$)")
                            .matcher(document)
                            .find(),
                    route.path().text());
        }
    }
}
