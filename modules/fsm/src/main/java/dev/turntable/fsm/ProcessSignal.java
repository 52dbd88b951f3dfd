package dev.turntable.fsm;

/** What can happen to a process: the rows of {@link ProcessTable}. */
enum ProcessSignal {
    SPAWNED("the child runs"),
    SPAWN_FAILED("it could not be launched"),
    READY("its readiness probe answered"),
    PROBE_TIMED_OUT("one probe got no answer in time"),
    EXITED("the child is gone"),
    STOP_FAILED("the stop signal or command could not be delivered"),
    START_DUE("its time to become ready is over"),
    KILL_DUE("its time to exit is over"),
    TTL_DUE("it was idle for its time to live"),
    LINGER_DUE("its moment of rest is over"),
    ORPHAN_FIT("after a restart of ours it was found healthy, with the same command"),
    ORPHAN_UNFIT("after a restart of ours it was found, but cannot be used"),
    LOST("after a restart of ours it was not found"),
    UNLOAD("an operator unloads it"),
    HOLD("an operator wants the machine free"),
    CLOSING("the server is told to end: what is being served may end first"),
    SHUTDOWN("the server ends"),
    FORCED("the server is told to end once more");

    private final String meaning;

    ProcessSignal(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
