package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The tests of this room run inside its module; Surefire can fall back to the class path in silence. */
class NamedModuleTest {
    @Test
    void testsRunInTheRoomsOwnModule() {
        assertTrue(getClass().getModule().isNamed());
        assertEquals("dev.turntable.process", getClass().getModule().getName());
    }
}
