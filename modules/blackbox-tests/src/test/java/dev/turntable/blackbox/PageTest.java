package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web page's files, packed and plain, and the places inside the page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
    private static final String PACKED = "as if it were packed";

    private TurntableProcess turntable;

    /** The image's page has no packed files; this adds one to it, as a build of one's own may do. */
    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        Path files = Files.createDirectories(folder.resolve("dev/turntable/ui/web"));
        Files.writeString(files.resolve("index.html.br"), PACKED);
        turntable = TurntableProcess.with(model("fox"))
                .environment("TURNTABLE_JAVA_OPTIONS", "--patch-module dev.turntable.ui=" + folder)
                .start();
    }

    @AfterAll
    void stop() {
        turntable.close();
    }

    @ParameterizedTest
    @SpecCase("134")
    @ValueSource(strings = {"br", "gzip, br;q=0.1"})
    void aPackedFileGoesToThoseWhoTakeIt(String taken) {
        Answer packed = page("Accept-Encoding: " + taken);
        assertEquals("br", packed.header("Content-Encoding"));
        assertEquals("Accept-Encoding", packed.header("Vary"));
        assertEquals("text/html; charset=utf-8", packed.header("Content-Type"));
        assertEquals(PACKED, packed.body());
    }

    @ParameterizedTest
    @SpecCase("134")
    @ValueSource(strings = {"deflate", "brotli", "identity"})
    void othersGetThePlainFile(String taken) {
        Answer plain = page("Accept-Encoding: " + taken);
        assertEquals("", plain.header("Content-Encoding"));
        assertTrue(plain.body().contains("<title>Turntable</title>"), plain.body());
    }

    @Test
    void whatHasNoPackedFileIsPackedOnItsWay() {
        Answer packed = page("Accept-Encoding: gzip, deflate");
        assertEquals("gzip", packed.header("Content-Encoding"));
        assertEquals("Accept-Encoding", packed.header("Vary"));
    }

    private Answer page(String header) {
        return turntable.http().raw("GET /ui/", "", header).expect(200);
    }

    @ParameterizedTest
    @SpecCase("135")
    @ValueSource(strings = {"/ui/index.html", "/ui/some/route", "/ui/models/fox/"})
    void aPlaceInsideThePageIsThePage(String path) {
        String page = turntable.http().raw("GET /ui/").expect(200).body();
        assertEquals(page, turntable.http().raw("GET " + path).expect(200).body());
    }

    @Test
    @SpecCase("135")
    void aMissingFileIsMissing() {
        Http http = turntable.http();
        assertEquals(
                "404 page not found\n",
                http.raw("GET /ui/missing.js").expect(404).body());
        http.raw("GET /ui/some/missing.js").expect(404);
        assertEquals("/ui/", http.raw("GET /ui").expect(307).header("Location"));
    }
}
