package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** These tests run inside the named module, not on the class path. */
class ModuleTest {
    @Test
    void testsRunOnTheModulePath() {
        assertEquals("dev.turntable.history", getClass().getModule().getName());
    }
}
