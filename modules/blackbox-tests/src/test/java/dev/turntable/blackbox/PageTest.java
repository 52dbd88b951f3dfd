package dev.turntable.blackbox;

import static dev.turntable.blackbox.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web page's files, packed and plain, and the places inside the page. */
class PageTest {
    /** The image's page has no packed files; this adds one, as a build of one's own may do. */
    @Test
    @SpecCase("134")
    void aPackedFileGoesToThoseWhoTakeIt(@TempDir Path folder) throws Exception {
        Path files = Files.createDirectories(folder.resolve("dev/turntable/ui/web"));
        Files.writeString(files.resolve("index.html.br"), "packed");
        try (var turntable = TurntableProcess.with(model("fox"))
                .environment("TURNTABLE_JAVA_OPTIONS", "--patch-module dev.turntable.ui=" + folder)
                .start()) {
            for (String taken : new String[] {"br", "gzip, br;q=0.1"}) {
                Answer packed = turntable
                        .http()
                        .raw("GET /ui/", "", "Accept-Encoding: " + taken)
                        .expect(200);
                assertEquals("br", packed.header("Content-Encoding"));
                assertEquals("Accept-Encoding", packed.header("Vary"));
                assertEquals("text/html; charset=utf-8", packed.header("Content-Type"));
                assertEquals("packed", packed.body());
            }
            for (String taken : new String[] {"gzip", "brotli", "identity"}) {
                Answer plain = turntable
                        .http()
                        .raw("GET /ui/", "", "Accept-Encoding: " + taken)
                        .expect(200);
                assertEquals("", plain.header("Content-Encoding"));
                assertTrue(plain.body().contains("<title>Turntable</title>"), plain.body());
            }
        }
    }

    @Test
    @SpecCase("135")
    void aPlaceInsideThePageIsThePageAndAMissingFileIsMissing() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            Http http = turntable.http();
            String page = http.raw("GET /ui/").expect(200).body();
            assertEquals(page, http.raw("GET /ui/some/route").expect(200).body());
            assertEquals(page, http.raw("GET /ui/index.html").expect(200).body());
            assertEquals(
                    "404 page not found\n",
                    http.raw("GET /ui/missing.js").expect(404).body());
            http.raw("GET /ui/some/missing.js").expect(404);
            assertEquals("/ui/", http.raw("GET /ui").expect(307).header("Location"));
        }
    }
}
