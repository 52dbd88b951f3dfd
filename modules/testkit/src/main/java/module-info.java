/**
 * What tests share: the image as a fixture, clients and upstreams whose every byte a test decides, a certificate, waiting.
 *
 * <p>Other rooms take it in test scope only. It knows no other room: what the fixture knows, a user could know. Start at
 * {@link dev.turntable.testkit.TurntableProcess}.
 */
module dev.turntable.testkit {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive java.net.http;
    requires jdk.httpserver;
    requires org.junit.jupiter.api;

    exports dev.turntable.testkit;
}
