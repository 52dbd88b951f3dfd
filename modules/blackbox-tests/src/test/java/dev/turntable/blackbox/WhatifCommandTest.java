package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Image;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code turntable whatif} on the folder of a server that runs, and what it says when there is no answer. */
@Execution(ExecutionMode.CONCURRENT)
class WhatifCommandTest {
    private record Said(int code, String out, String err) {}

    private static Said whatif(Path folder, String... more) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Image.COMMAND.toString(), "whatif", "-data-dir", folder.toString()));
        command.addAll(List.of(more));
        Path err = Files.createTempFile("whatif", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Said said = new Said(process.waitFor(), out, Files.readString(err));
        Files.delete(err);
        return said;
    }

    private static void refuses(int code, String word, Said said) {
        assertEquals(code, said.code(), said.toString());
        assertEquals("", said.out());
        assertTrue(said.err().startsWith("turntable whatif: ") && said.err().contains(word), said::err);
    }

    @Test
    void aLiveFolderIsAskedAndLeftAsItIs() throws Exception {
        try (var turntable = TurntableProcess.with(model("fox"), model("owl")).start()) {
            refuses(6, "nobody asked", whatif(turntable.dataDir()));
            turntable.http().chat("fox").expect(200);
            turntable.http().chat("owl").expect(200);
            turntable.http().chat("fox").expect(200);
            turntable.awaitEvent("request.finished", e -> e.toString().contains("\"r-3\""));
            Path folder = turntable.dataDir();
            List<String> before = files(folder);
            Path page = turntable.scratch().resolve("page.html");
            Said table = whatif(
                    folder,
                    "-set",
                    "groups.both.swap=false,groups.both.members=[fox, owl]",
                    "-set",
                    "ttl=60",
                    "-html",
                    page.toString());
            assertEquals(0, table.code(), table.toString());
            assertTrue(table.out().contains("recorded") && table.out().contains("3 → 2 swaps"), table::out);
            assertTrue(Files.readString(page).contains("<svg"));
            Said json = whatif(folder, "-json", "-set", "ttl=60");
            assertEquals(json, whatif(folder, "-json", "-set", "ttl=60"));
            assertEquals(before, files(folder));

            overHttp(turntable);
            Path candidate = turntable.scratch().resolve("candidate.yaml");
            Files.writeString(candidate, "models:\n" + model("fox"));
            refuses(7, "owl", whatif(folder, "-config", candidate.toString()));
            Files.writeString(candidate, "models: 3\n");
            refuses(1, "candidate.yaml is refused", whatif(folder, "-config", candidate.toString()));
            refuses(1, "no router of that kind", whatif(folder, "-set", "turntable.router=fit"));
            refuses(6, "nobody asked", whatif(folder, "-to", "1h"));

            turntable.stop();
            refuses(5, "no journal", whatif(turntable.scratch()));
            Path copy = turntable.scratch().resolve("copy");
            copy(folder, copy);
            damage(copy);
            Said damaged = whatif(copy);
            assertEquals(5, damaged.code(), damaged.toString());
            assertFalse(damaged.out().contains("recorded"), damaged::out);
        }
    }

    private static void overHttp(TurntableProcess turntable) {
        String together = "{\"candidates\":[{\"set\":\"groups.both.swap=false,groups.both.members=[fox, owl]\"}]%s}";
        var answer = turntable
                .http()
                .post("/api/whatif", together.formatted(""))
                .expect(200)
                .json();
        assertEquals(3, answer.at("/recorded/swaps").asInt(), answer::toString);
        assertEquals(2, answer.at("/candidates/0/swaps").asInt(), answer::toString);
        turntable.http().post("/api/whatif", together.formatted(",\"sky\":1")).expect(400);
        turntable
                .http()
                .post("/api/whatif", together.formatted(",\"to\":\"1h\""))
                .expect(404);
        turntable
                .http()
                .post("/api/whatif", "{\"candidates\":[{\"config\":\"models: 3\"}]}")
                .expect(422);
        turntable
                .http()
                .post("/api/whatif", "{\"candidates\":[{\"config\":\"models: {fox: {cmd: x}}\"}]}")
                .expect(422);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> !f.toString().contains("output"))
                    .map(f -> folder.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(f -> Files.isDirectory(f) || Files.isRegularFile(f))
                    .toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** Breaks the answer of the first request: its bytes stand in the queue's file as they were written. */
    private static void damage(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".cq4")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("request.finished");
                if (at >= 0) {
                    bytes[at] = '?';
                    Files.write(file, bytes);
                }
            }
        }
    }
}
