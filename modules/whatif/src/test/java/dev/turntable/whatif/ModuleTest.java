package dev.turntable.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The tests of this room run inside its module. */
class ModuleTest {
    @Test
    void theTestsRunInsideTheModule() {
        assertTrue(getClass().getModule().isNamed(), "Surefire fell back to the class path");
        assertEquals("dev.turntable.whatif", getClass().getModule().getName());
    }
}
