package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.proxy.forward.Pumps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever has its stream pumped never leaves while the pump still works on it. */
class PumpsTest {
    private final Pumps pumps = new Pumps();

    @AfterEach
    void close() {
        pumps.close();
    }

    @Test
    void anInterruptBreaksTheStreamOffAndWaitsForItsEnd() throws Exception {
        CountDownLatch pumping = new CountDownLatch(1);
        CountDownLatch broken = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean endedFirst = new AtomicBoolean();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread request = Thread.ofVirtual().start(() -> {
            assertThrows(
                    IOException.class,
                    () -> pumps.run(
                            () -> {
                                pumping.countDown();
                                letGo.await();
                                ended.set(true);
                                throw new IOException("closed");
                            },
                            broken::countDown));
            endedFirst.set(ended.get());
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        pumping.await();
        request.interrupt();
        broken.await();
        assertTrue(request.isAlive(), "its pump has not ended");
        letGo.countDown();
        request.join();
        assertTrue(endedFirst.get() && stillInterrupted.get());
    }

    @Test
    void aStreamThatFindsNoFreePumpIsPumpedByItsOwnThread() throws Exception {
        CountDownLatch all = new CountDownLatch(Pumps.MAX);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> requests = new ArrayList<>();
        Callable<Boolean> waiting = () -> {
            all.countDown();
            end.await();
            return true;
        };
        for (int i = 0; i < Pumps.MAX; i++) {
            requests.add(Thread.ofVirtual().start(() -> {
                try {
                    assertTrue(pumps.run(waiting, () -> {}));
                } catch (IOException impossible) {
                    throw new AssertionError(impossible);
                }
            }));
        }
        all.await();
        Thread own = Thread.currentThread();
        assertTrue(pumps.run(() -> Thread.currentThread().equals(own), () -> {}));
        end.countDown();
        for (Thread request : requests) {
            request.join();
        }
        assertFalse(pumps.run(() -> Thread.currentThread().equals(own), () -> {}), "one is free again");
    }

    @Test
    void whatATaskThrowsArrives() {
        IOException io = new IOException("x");
        assertEquals(
                io,
                assertThrows(
                        IOException.class,
                        () -> pumps.run(
                                () -> {
                                    throw io;
                                },
                                () -> {})));
        assertThrows(
                IllegalStateException.class,
                () -> pumps.run(
                        () -> {
                            throw new IllegalStateException();
                        },
                        () -> {}));
    }
}
