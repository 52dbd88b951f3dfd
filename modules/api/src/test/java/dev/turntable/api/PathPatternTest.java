package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathPatternTest {
    private static Optional<Map<String, String>> match(String pattern, String path) {
        return new PathPattern(pattern).match(path);
    }

    @Test
    void testsRunInTheModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void literalsMatchAfterDecodingButAnEncodedSlashDoesNotSeparate() {
        assertTrue(match("/v1/models", "/v1/%6dodels").isPresent());
        assertTrue(match("/v1/models", "/%76%31/models").isPresent());
        assertTrue(match("/v1/models", "/v1%2Fmodels").isEmpty());
        assertTrue(match("/v1/models", "/v1/models/").isEmpty());
        assertTrue(match("/v1/models", "/%2e%2e/v1/models").isEmpty());
    }

    @Test
    void aVariableIsOneSegmentThatIsNotEmpty() {
        assertEquals(Optional.of(Map.of("id", "a/b")), match("/api/captures/{id}", "/api/captures/a%2Fb"));
        assertTrue(match("/api/captures/{id}", "/api/captures/").isEmpty());
        assertTrue(match("/api/captures/{id}", "/api/captures/a/b").isEmpty());
    }

    @Test
    void aRestVariableTakesWhatIsLeftDecoded() {
        assertEquals(
                Optional.of(Map.of("name", "org/m")),
                match("/api/models/unload/{name...}", "/api/models/unload/org%2Fm"));
        assertEquals(Optional.of(Map.of("name", "a/")), match("/api/models/unload/{name...}", "/api/models/unload/a/"));
        assertEquals(Optional.of(Map.of("name", "")), match("/api/models/unload/{name...}", "/api/models/unload/"));
        assertTrue(match("/api/models/unload/{name...}", "/api/models/unload").isEmpty());
    }

    @Test
    void aBrokenEscapeMatchesNothing() {
        assertTrue(match("/api/captures/{id}", "/api/captures/%zz").isEmpty());
        assertTrue(match("/api/captures/{id}", "/api/captures/%2").isEmpty());
    }
}
