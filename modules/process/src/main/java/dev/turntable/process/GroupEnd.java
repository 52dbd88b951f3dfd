package dev.turntable.process;

import dev.turntable.process.linux.EventLoop;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits on the event loop until the processes that outlived the leader of their session are gone too, within a bound.
 *
 * <p>They hold memory, ports and devices that the next start needs; a kill is not the same as an end.
 */
final class GroupEnd {
    private final EventLoop loop;
    private final List<ProcFs.Stat> members;
    private final Map<Integer, EventLoop.Watch> waiting = new HashMap<>();
    private Runnable then = () -> {};
    private boolean over;

    GroupEnd(EventLoop loop, List<ProcFs.Stat> members) {
        this.loop = loop;
        this.members = members;
    }

    /** Kills them and calls {@code then} once, on the loop: at once when nobody is left. */
    void begin(Runnable whenGone) {
        then = whenGone;
        for (ProcFs.Stat member : members) {
            Pid.signal(member.pid(), Pid.SIGKILL);
            Pid.descriptor(member.pid()).ifPresent(fd -> waiting.put(fd, loop.watch(fd, () -> gone(fd, member.pid()))));
        }
        if (waiting.isEmpty()) {
            over();
        } else {
            loop.after(Limits.GROUP_AFTER_LEADER, this::over);
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

    /** Where this server is the first process of a container, orphans become its children and wait for it. */
    private void gone(int fd, int pid) {
        Pid.reap(pid);
        waiting.remove(fd).end();
        Pid.close(fd);
        if (waiting.isEmpty()) {
            over();
        }
    }
}
