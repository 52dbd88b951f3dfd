package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The tests of this room run inside its module; left out of mutation testing, which knows only a class path. */
class ModuleTest {
    @Test
    void theTestsRunInsideTheModule() {
        assertTrue(getClass().getModule().isNamed());
    }
}
