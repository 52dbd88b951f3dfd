package dev.turntable.proxy;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLSocket;

/** A socket behind TLS as Helidon wants to see it. Unlike Helidon's own it keeps no buffer beside the one that TLS has. */
final class SecureSocket implements HelidonSocket {
    private final HelidonSocket below;
    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;

    SecureSocket(HelidonSocket below, SSLSocket socket) throws IOException {
        this.below = below;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** What has come, once something has. */
    @Override
    public byte[] get() {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            byte[] bytes = new byte[1 + in.available()];
            bytes[0] = (byte) first;
            int read = in.read(bytes, 1, bytes.length - 1);
            if (read < bytes.length - 1) {
                throw new IOException("less than was said to be there");
            }
            return bytes;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public int read(BufferData buffer) {
        return buffer.readFrom(in);
    }

    @Override
    public void write(BufferData buffer) {
        buffer.writeTo(out);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** For clients that keep connections; we do not. */
    @Override
    public void idle() {}

    @Override
    public boolean isConnected() {
        return !socket.isClosed();
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public PeerInfo remotePeer() {
        return below.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return below.localPeer();
    }

    @Override
    public String socketId() {
        return below.socketId();
    }

    @Override
    public String childSocketId() {
        return below.childSocketId();
    }
}
