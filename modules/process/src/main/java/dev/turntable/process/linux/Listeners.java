package dev.turntable.process.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who listens on this machine's ports, as {@code /proc} tells. */
public final class Listeners {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";

    private Listeners() {}

    /** A socket that accepts connections; {@code inode} is how the descriptors of its processes name it. */
    public record Listener(InetAddress address, int port, long inode) {
        /** A wildcard of version 6 accepts version 4, too, unless it was told not to, which cannot be seen from outside. */
        private boolean accepts(InetAddress to) {
            return address.equals(to)
                    || address.isAnyLocalAddress()
                            && (address.getAddress().length == 16 || to.getAddress().length == 4);
        }
    }

    /** All of a port. */
    public static List<Listener> on(int port) {
        List<Listener> all = new ArrayList<>();
        read("tcp", port, all);
        read("tcp6", port, all);
        return all;
    }

    /** The sockets that a connection to this address and port may reach: those that are bound to it alone, or else the wildcards. */
    public static List<Listener> at(InetAddress address, int port) {
        List<Listener> all = on(port);
        List<Listener> exact =
                all.stream().filter(l -> l.address.equals(address)).toList();
        return exact.isEmpty() ? all.stream().filter(l -> l.accepts(address)).toList() : exact;
    }

    /** The kernel puts listening sockets first, so that the many connections of a busy machine need not be read. */
    private static void read(String table, int port, List<Listener> found) {
        try (BufferedReader lines =
                Files.newBufferedReader(PROC.resolve("self/net").resolve(table))) {
            lines.readLine();
            String[] f = fields(lines.readLine());
            while (f.length > 9 && f[3].equals(LISTENING)) {
                int colon = f[1].indexOf(':');
                if (Integer.parseInt(f[1], colon + 1, f[1].length(), 16) == port) {
                    found.add(new Listener(address(f[1].substring(0, colon)), port, Long.parseLong(f[9])));
                }
                f = fields(lines.readLine());
            }
        } catch (IOException e) {
            // no such table: nothing is known
        }
    }

    private static String[] fields(String line) {
        return line == null ? new String[0] : line.strip().split(" +");
    }

    /** Words of four bytes, each with its last byte first. */
    static InetAddress address(String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        for (int word = 0; word < bytes.length; word += 4) {
            for (int i = 0; i < 2; i++) {
                byte b = bytes[word + i];
                bytes[word + i] = bytes[word + 3 - i];
                bytes[word + 3 - i] = b;
            }
        }
        return InetAddress.getByAddress(bytes); // one of version 4 in the clothes of version 6 comes out as version 4
    }

    /** Whether the process has one of these sockets open; false also where that may not be looked at. */
    public static boolean holds(int pid, List<Listener> sockets) {
        Set<Path> links =
                sockets.stream().map(s -> Path.of("socket:[" + s.inode() + "]")).collect(Collectors.toSet());
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (links.contains(link(descriptor))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return false; // gone, or somebody else's
        }
        return false;
    }

    private static Path link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) {
            return descriptor; // closed meanwhile
        }
    }
}
