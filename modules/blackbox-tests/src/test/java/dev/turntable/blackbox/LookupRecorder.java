package dev.turntable.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Writes down every host name a JVM looks up. It is not used in this JVM: {@code PrivacyTest} puts it on the class path of the image,
 * with the file to write to in the system property {@code lookups}.
 */
public final class LookupRecorder extends InetAddressResolverProvider {
    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver system = configuration.builtinResolver();
        String file = System.getProperty("lookups", "");
        return file.isEmpty() ? system : new Recording(system, Path.of(file));
    }

    @Override
    public String name() {
        return "recorder";
    }

    private record Recording(InetAddressResolver system, Path file) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            note(host);
            return system.lookupByName(host, policy);
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            note(InetAddress.getByAddress(address).getHostAddress());
            return system.lookupByAddress(address);
        }

        private void note(String name) {
            try {
                Files.writeString(file, name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
