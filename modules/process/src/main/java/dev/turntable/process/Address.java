package dev.turntable.process;

import dev.turntable.process.linux.Listeners;
import dev.turntable.process.linux.ProcFs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Where a model's server is to listen: host and port of its {@code proxy}. Of an address of this machine it can be asked whether somebody is
 * there, and whether that is the model (docs/decisions/0072-whose-answer.md).
 */
record Address(String host, int port) {
    /** Answers on this machine come at once, also refusals. */
    private static final int CONNECT_MILLIS = 100;

    /** Programs that have somebody else run the server: whoever listens then is none of ours, and is right. */
    private static final Pattern DELEGATES = Pattern.compile(
            "\\b(docker|podman|nerdctl|ctr|crictl|kubectl|systemd-run|machinectl|lxc|incus|flatpak|ssh|tmux|screen|wsl|wsl\\.exe)\\b");

    /** What listens for such programs, called by whatever script. */
    private static final Pattern PROXIES = Pattern.compile(
            "^(dockerd|docker-proxy|containerd.*|rootlessport|rootlesskit|slirp4netns|pasta.*|conmon|podman|netavark|systemd|ssh|sshd.*|kubectl|wslrelay.*)$");

    static Address of(URI proxy) {
        String authority = Optional.ofNullable(proxy.getRawAuthority()).orElse("");
        String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > hostAndPort.lastIndexOf(']');
        String host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
        String digits = hasPort ? hostAndPort.substring(colon + 1) : "";
        boolean tls = "https".equalsIgnoreCase(proxy.getScheme());
        return new Address(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
                digits.isEmpty() ? (tls ? 443 : 80) : Integer.parseInt(digits));
    }

    /** A process that is where another should be. */
    record Holder(long pid, String command) {
        @Override
        public String toString() {
            return pid == 0 ? "a process that cannot be seen" : "process " + pid + " (" + command + ")";
        }
    }

    /** Who accepts connections there already; empty when nobody does, or the address is another machine's. */
    Optional<Holder> taken() {
        return local().stream()
                .filter(this::accepts)
                .map(a -> holder(Listeners.at(a, port)))
                .findFirst();
    }

    /** Whether a server could listen there on any address of this machine. */
    static boolean isFree(int port) {
        try (Socket probe = new Socket()) {
            probe.setReuseAddress(true); // as servers do, so that connections of the one before do not count
            probe.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Who has the port, on whatever address. */
    static Holder holderOf(int port) {
        return holder(Listeners.on(port));
    }

    /** Who listens there, seen from a run. */
    Readiness.Whose whose(Run run, Kin kin, Consumer<Holder> stranger) {
        List<Listeners.Listener> sockets = local().stream()
                .flatMap(a -> Listeners.at(a, port).stream())
                .distinct()
                .toList();
        if (Listeners.holds(run.pid(), sockets) || anyHolds(kin.of(run), sockets)) {
            return Readiness.Whose.OWN;
        }
        if (sockets.isEmpty()
                || run.settings().filter(s -> DELEGATES.matcher(s.cmd()).find()).isPresent()) {
            return Readiness.Whose.UNKNOWN;
        }
        Holder holder = holder(sockets);
        if (holder.pid() == 0 || PROXIES.matcher(ProcFs.name(holder.pid())).matches()) {
            return Readiness.Whose.UNKNOWN;
        }
        stranger.accept(holder);
        return Readiness.Whose.STRANGERS;
    }

    private static boolean anyHolds(Collection<ProcFs.Stat> processes, List<Listeners.Listener> sockets) {
        return processes.stream().anyMatch(p -> Listeners.holds(p.pid(), sockets));
    }

    private static Holder holder(List<Listeners.Listener> sockets) {
        return ProcFs.all().stream()
                .filter(p -> Listeners.holds(p.pid(), sockets))
                .findFirst()
                .map(p -> new Holder(p.pid(), ProcFs.command(p.pid())))
                .orElse(new Holder(0, ""));
    }

    /** It is this machine's. */
    boolean isLocal() {
        return !local().isEmpty();
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private List<InetAddress> local() {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .filter(Address::isOurs)
                    .toList();
        } catch (IOException e) {
            return List.of(); // an unknown host takes no port
        }
    }

    private static boolean isOurs(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean accepts(InetAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return !isItself(socket);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * While nobody listens on a port of the ephemeral range, the kernel may choose that very port for our end, and connect us to
     * ourselves. That is nobody, and it must not keep the port from a server.
     */
    static boolean isItself(Socket socket) throws IOException {
        boolean itself = socket.getLocalPort() == socket.getPort()
                && socket.getLocalAddress().equals(socket.getInetAddress());
        if (itself) {
            socket.setSoLinger(true, 0);
        }
        return itself;
    }
}
