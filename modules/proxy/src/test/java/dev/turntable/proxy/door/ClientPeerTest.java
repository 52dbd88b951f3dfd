package dev.turntable.proxy.door;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of version 6 as RFC 5952 wants them. */
class ClientPeerTest {
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "fe80:0:0:0:1:0:0:2, fe80::1:0:0:2",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:0:0:0:0:0:0:0, 1::",
        "127.0.0.1, 127.0.0.1",
    })
    void theLongestRowOfZerosIsLeftOut(String written, String shown) throws Exception {
        assertEquals(shown, ClientPeer.text(InetAddress.getByName(written)));
    }
}
