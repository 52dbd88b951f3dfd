package dev.turntable.journal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Answers no name, and remembers who was asked for; takes effect in a JVM that has it on its class path. */
public final class RecordingResolver extends InetAddressResolverProvider {
    static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

    /** The service loader calls it. */
    public RecordingResolver() {}

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                ASKED.add(host);
                throw new UnknownHostException(host);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                ASKED.add(java.util.Arrays.toString(address));
                throw new UnknownHostException("reverse");
            }
        };
    }

    @Override
    public String name() {
        return "recording";
    }
}
