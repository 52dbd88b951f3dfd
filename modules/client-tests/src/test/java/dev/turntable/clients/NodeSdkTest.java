package dev.turntable.clients;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The npm packages {@code openai} and {@code @anthropic-ai/sdk} work unchanged; what is checked stands in {@code clients.mjs}. */
class NodeSdkTest {
    private static final Path ROOT = Path.of(System.getProperty("turntable.root"), "modules", "client-tests");
    private static final Path SOURCES = ROOT.resolve("src/test/node");
    private static final Path FOLDER = ROOT.resolve("target/node");

    private record Ended(int code, String output) {}

    @Test
    void everyCheckOfTheScriptHolds() throws Exception {
        Assumptions.assumeTrue(exists("node") && exists("npm"), "no Node.js on this machine");
        Files.createDirectories(FOLDER);
        for (String file : new String[] {"package.json", "clients.mjs"}) {
            Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Ended installed = run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock");
        assertEquals(0, installed.code(), installed.output());
        try (var turntable = TurntableProcess.configured("apiKeys: [sk-right]\nmodels:\n" + model("fox") + model("owl")
                        + model("slow", "--token-ms 50 --tokens 2000"))
                .start()) {
            Ended ended = run("node", "clients.mjs", turntable.http().base().toString(), "sk-right");
            assertEquals(0, ended.code(), ended.output());
        }
    }

    private static boolean exists(String program) throws InterruptedException {
        try {
            return run("sh", "-c", "command -v " + program).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(Files.isDirectory(FOLDER) ? FOLDER.toFile() : ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
