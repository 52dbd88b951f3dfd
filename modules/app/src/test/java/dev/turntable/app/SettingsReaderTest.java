package dev.turntable.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.app.Settings.Listen;
import dev.turntable.config.TurntableSettings;
import dev.turntable.config.TurntableSettings.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layer wins, and what cannot be a setting. */
class SettingsReaderTest {
    @TempDir
    private Path folder;

    private final Map<String, String> flags = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private TurntableSettings block = TurntableSettings.DEFAULTS;

    @BeforeEach
    void aConfiguration() throws Exception {
        flags.put(
                "config",
                Files.writeString(folder.resolve("config.yaml"), "models: {}").toString());
    }

    @Test
    void flagsWinOverTheEnvironmentOverTheBlockOverDefaults() {
        environment.put("HOME", folder.resolve("home").toString());
        assertEquals(Optional.of(folder.resolve("home/.local/state/turntable")), read().dataDir());
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
        assertEquals(Optional.of(folder.resolve("state/turntable")), read().dataDir());
        environment.put("STATE_DIRECTORY", folder.resolve("unit") + ":" + folder.resolve("other"));
        assertEquals(Optional.of(folder.resolve("unit")), read().dataDir());
        block = withDataDir("/from/block");
        assertEquals(Optional.of(Path.of("/from/block")), read().dataDir());
        environment.put("TURNTABLE_DATA_DIR", "/from/environment");
        assertEquals(Optional.of(Path.of("/from/environment")), read().dataDir());
        flags.put("data-dir", "/from/flag");
        assertEquals(Optional.of(Path.of("/from/flag")), read().dataDir());
    }

    @Test
    void aUsualFolderThatCannotBeWrittenIsPassedOver() {
        environment.put("STATE_DIRECTORY", flags.get("config") + "/none");
        environment.put("HOME", folder.toString());
        assertEquals(Optional.of(folder.resolve(".local/state/turntable")), read().dataDir());
        environment.put("HOME", flags.get("config"));
        assertEquals(Optional.empty(), read().dataDir());
    }

    @Test
    void halfOfTlsIsToldBeforeTheConfigurationIsRead() {
        flags.put("tls-key-file", "x");
        flags.put("config", "/no/such");
        var reader = new SettingsReader(flags, environment);
        assertTrue(
                assertThrows(StartException.class, reader::sources).getMessage().contains("for TLS"));
    }

    @Test
    void theEnvironmentMayNameTheConfiguration() {
        environment.put("TURNTABLE_CONFIG", flags.remove("config"));
        assertEquals(
                Optional.of(environment.get("TURNTABLE_CONFIG")),
                read().sources().config());
    }

    @Test
    void anEmptyVariableIsNone() {
        environment.put("TURNTABLE_LISTEN", "");
        assertEquals(new Listen("", 8080), read().listen());
    }

    @Test
    void aValueIsTakenAsItIs() {
        flags.put("data-dir", "/a/${user.home}/b.c");
        assertEquals(Optional.of(Path.of("/a/${user.home}/b.c")), read().dataDir());
    }

    @ParameterizedTest
    @CsvSource({
        ":9000, '', 9000",
        "localhost:0, localhost, 0",
        "0.0.0.0:80, 0.0.0.0, 80",
        "[::1]:8080, ::1, 8080",
        "example.org:65535, example.org, 65535"
    })
    void anAddressIsAHostAndAPort(String text, String host, int port) {
        flags.put("listen", text);
        assertEquals(new Listen(host, port), read().listen());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8080",
                "::1:8080",
                "localhost",
                "localhost:",
                "localhost:http",
                "localhost:65536",
                "localhost:-1"
            })
    void whatIsNoAddressIsRefused(String text) {
        flags.put("listen", text);
        assertEquals(
                ExitCode.REFUSED, assertThrows(StartException.class, this::read).exitCode());
    }

    @Test
    void tlsNeedsBothFilesAndMovesThePort() throws Exception {
        flags.put("tls-cert-file", Files.createFile(folder.resolve("cert.pem")).toString());
        assertEquals(
                ExitCode.REFUSED, assertThrows(StartException.class, this::read).exitCode());
        flags.put("tls-key-file", Files.createFile(folder.resolve("key.pem")).toString());
        assertEquals(new Listen("", 8443), read().listen());
    }

    @Test
    void durabilityIsOneOfThree() {
        flags.put("durability", "strict");
        assertEquals(Durability.STRICT, read().durability());
        flags.put("durability", "eager");
        assertEquals(
                ExitCode.REFUSED, assertThrows(StartException.class, this::read).exitCode());
    }

    private Settings read() {
        return new SettingsReader(flags, environment).settings(block);
    }

    private static TurntableSettings withDataDir(String dir) {
        TurntableSettings d = TurntableSettings.DEFAULTS;
        return new TurntableSettings(
                Optional.of(dir), d.durability(), d.maxWait(), d.backoff(), d.retention(), d.limits(), d.cors());
    }
}
