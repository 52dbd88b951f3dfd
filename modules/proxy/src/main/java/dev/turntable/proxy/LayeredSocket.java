package dev.turntable.proxy;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * A socket of Helidon's as the JDK's TLS wants to see it, which must have a {@link Socket} below. Options are not its business; nobody sets
 * a time limit here.
 */
final class LayeredSocket extends Socket {
    private static final byte[] NONE = new byte[0];

    private final HelidonSocket below;
    private final SocketAddress remote;
    private final SocketAddress local;
    private final InputStream in = new In();
    private final OutputStream out = new Out();
    private volatile boolean closed;

    LayeredSocket(HelidonSocket below) {
        this.below = below;
        this.remote = below.remotePeer().address();
        this.local = below.localPeer().address();
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            below.close();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** The whole socket is closed next. */
    @Override
    public void shutdownInput() {}

    @Override
    public void shutdownOutput() {}

    /** No patience: whoever closes does not wait for somebody who is stuck in a write, to say good-bye to a client that does not read. */
    @Override
    public int getSoLinger() {
        return 0;
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setSoTimeout(int millis) {}

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return local;
    }

    @Override
    public InetAddress getInetAddress() {
        return ((InetSocketAddress) remote).getAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return ((InetSocketAddress) local).getAddress();
    }

    @Override
    public int getPort() {
        return ((InetSocketAddress) remote).getPort();
    }

    @Override
    public int getLocalPort() {
        return ((InetSocketAddress) local).getPort();
    }

    private final class In extends InputStream {
        private byte[] read = NONE;
        private int at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (at == read.length) {
                byte[] more = more();
                if (more == null) {
                    return -1;
                }
                read = more;
                at = 0;
            }
            int count = Math.min(length, read.length - at);
            System.arraycopy(read, at, into, offset, count);
            at += count;
            if (at == read.length) {
                // An idle connection should cost little.
                read = NONE;
                at = 0;
            }
            return count;
        }

        private byte[] more() throws IOException {
            try {
                return below.get();
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            }
        }

        @Override
        public int available() {
            return read.length - at;
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                // FixedBufferData of 4.3.0 mixes up offset and length when it writes, so the range begins at 0.
                byte[] range = offset == 0 ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
                below.write(BufferData.create(range, 0, length));
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            }
        }
    }
}
