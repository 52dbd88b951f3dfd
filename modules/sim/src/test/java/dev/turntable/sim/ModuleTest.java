package dev.turntable.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The tests of this room run inside its module. */
class ModuleTest {
    @Test
    void theTestsRunInsideTheModule() {
        assertEquals("dev.turntable.sim", getClass().getModule().getName());
    }
}
