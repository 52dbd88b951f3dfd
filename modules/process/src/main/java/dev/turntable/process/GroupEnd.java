package dev.turntable.process;

import dev.turntable.process.linux.EventLoop;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Kills the processes that outlived the leader of their run, and waits on the event loop until they are gone too, within a bound.
 *
 * <p>They hold memory, ports and devices that the next start needs; a kill is not the same as an end.
 */
final class GroupEnd {
    private final EventLoop loop;
    private final Supplier<Collection<ProcFs.Stat>> rest;
    private final Map<Integer, EventLoop.Watch> waiting = new HashMap<>();
    private Runnable then = () -> {};
    private boolean over;

    /** {@code rest} finds whoever is left; asked until it finds nobody, because a process may have started another before it was killed. */
    GroupEnd(EventLoop loop, Supplier<Collection<ProcFs.Stat>> rest) {
        this.loop = loop;
        this.rest = rest;
    }

    /** Kills them and calls {@code then} once, on the loop: at once when nobody is left. */
    void begin(Runnable whenGone) {
        then = whenGone;
        kill();
        if (!over) {
            loop.after(Limits.GROUP_AFTER_LEADER, this::over);
        }
    }

    private void kill() {
        for (ProcFs.Stat member : rest.get()) {
            Pid.signal(member.pid(), Pid.SIGKILL);
            Pid.descriptor(member.pid()).ifPresent(fd -> waiting.put(fd, loop.watch(fd, () -> gone(fd, member.pid()))));
        }
        if (waiting.isEmpty()) {
            over();
        }
    }

    /** Waits no longer. */
    void over() {
        if (!over) {
            over = true;
            waiting.forEach((fd, watch) -> {
                watch.end();
                Pid.close(fd);
            });
            waiting.clear();
            then.run();
        }
    }

    /** Whoever lost its parent is our child and waits for us. */
    private void gone(int fd, int pid) {
        Pid.reap(pid);
        waiting.remove(fd).end();
        Pid.close(fd);
        if (waiting.isEmpty() && !over) {
            kill();
        }
    }
}
