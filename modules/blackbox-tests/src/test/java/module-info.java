/**
 * The black-box tests: the image as a user has it, with real child processes, seen from outside.
 *
 * <p>Nothing of the product is required here; what a test knows, a user could know. Start at {@code TurntableProcess}, the fixture of
 * the testkit room, and {@code HouseRulesTest}, which reads the class files of all rooms.
 */
open module dev.turntable.blackbox {
    requires com.fasterxml.jackson.databind;
    requires dev.turntable.testkit;
    requires java.net.http;
    requires org.junit.jupiter.api;
    requires org.junit.jupiter.params;
}
