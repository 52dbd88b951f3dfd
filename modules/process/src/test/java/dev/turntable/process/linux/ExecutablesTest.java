package dev.turntable.process.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.process.linux.Executables.Lookup.Found;
import dev.turntable.process.linux.Executables.Lookup.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are found as Go's os/exec finds them, and missed in its words. */
class ExecutablesTest {
    @TempDir
    Path folder;

    @Test
    void aNameWithASlashIsTakenAsItIs() {
        assertEquals(new Found("./x/y"), Executables.find("./x/y", "/bin"));
        assertEquals(new Found("/nowhere"), Executables.find("/nowhere", ""));
    }

    @Test
    void theFirstProgramOfThatNameInThePathIsTakenButNoFolderAndNoPlainFile() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Path third = Files.createDirectory(folder.resolve("third"));
        Files.createDirectory(first.resolve("tool"));
        Files.writeString(second.resolve("tool"), "");
        Path tool = Files.writeString(third.resolve("tool"), "");
        assertTrue(tool.toFile().setExecutable(true));
        assertEquals(new Found(tool.toString()), Executables.find("tool", first + ":" + second + ":" + third + "/"));
        assertEquals(
                new Missing("exec: \"tool\": executable file not found in $PATH"),
                Executables.find("tool", first + ":" + second));
    }

    @Test
    void anEmptyPathAnEmptyNameAndAStrangeOneAreMissed() {
        assertEquals(new Missing("exec: \"sh\": executable file not found in $PATH"), Executables.find("sh", ""));
        assertEquals(new Missing("exec: no command"), Executables.find("", "/bin"));
        assertEquals(
                new Missing("exec: \"a\\\"b\\n\\x00\": executable file not found in $PATH"),
                Executables.find("a\"b\n\0", "/bin"));
        assertEquals(new Missing("exec: \"..\": executable file not found in $PATH"), Executables.find("..", "/bin"));
    }

    @Test
    void aProgramOfTheWorkingFolderIsRefused() throws IOException {
        String path = Path.of("").toAbsolutePath().relativize(folder).toString();
        Path tool = Files.writeString(folder.resolve("tool"), "");
        assertTrue(tool.toFile().setExecutable(true));
        assertEquals(
                new Missing("exec: \"tool\": cannot run executable found relative to current directory"),
                Executables.find("tool", path));
    }
}
