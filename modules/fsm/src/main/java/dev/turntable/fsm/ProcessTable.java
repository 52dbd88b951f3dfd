package dev.turntable.fsm;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The life of a process, whole: what the core does about each signal in each state. {@code docs/state-machine.md} is generated from here,
 * and every cell has a test. What the moves do is written in {@link Processes}.
 */
final class ProcessTable {
    private static final String TABLE = """
            signal          | STOPPED  STARTING  CANCELLED  READY   STOPPING  ORPHAN  SHUTDOWN
            SPAWNED         | refuse   note      note       refuse  refuse    refuse  refuse
            SPAWN_FAILED    | refuse   fail      gone       refuse  refuse    refuse  refuse
            READY           | refuse   serve     note       refuse  refuse    refuse  refuse
            PROBE_TIMED_OUT | note     note      note       refuse  refuse    refuse  note
            EXITED          | refuse   fail      gone       crash   gone      gone    refuse
            STOP_FAILED     | note     refuse    note       refuse  note      note    note
            START_DUE       | refuse   time_out  refuse     refuse  refuse    refuse  refuse
            KILL_DUE        | refuse   refuse    kill       refuse  kill      refuse  refuse
            TTL_DUE         | refuse   refuse    refuse     expire  refuse    refuse  refuse
            LINGER_DUE      | refuse   refuse    refuse     yield   refuse    refuse  refuse
            ORPHAN_FIT      | reap     refuse    refuse     refuse  refuse    adopt   reap
            ORPHAN_UNFIT    | reap     refuse    refuse     refuse  refuse    reap    reap
            LOST            | refuse   fail      gone       crash   gone      gone    refuse
            UNLOAD          | note     cancel    note       stop    note      reap    note
            HOLD            | note     cancel    note       drain   note      note    note
            CLOSING         | note     cancel    hurry      drain   hurry     reap    note
            SHUTDOWN        | note     cancel    hurry      stop    hurry     reap    note
            FORCED          | note     reap      reap       reap    reap      reap    note
            """;

    private static final Map<ProcessSignal, Map<Standing, ProcessMove>> CELLS = parse();

    private ProcessTable() {}

    static ProcessMove move(Standing row, ProcessSignal signal) {
        return CELLS.get(signal).get(row);
    }

    private static Map<ProcessSignal, Map<Standing, ProcessMove>> parse() {
        List<List<String>> lines = TABLE.lines()
                .map(line -> Arrays.asList(line.replace("|", " ").trim().split(" +")))
                .toList();
        List<Standing> rows =
                lines.getFirst().stream().skip(1).map(Standing::valueOf).toList();
        Map<ProcessSignal, Map<Standing, ProcessMove>> cells = new EnumMap<>(ProcessSignal.class);
        for (List<String> line : lines.subList(1, lines.size())) {
            Map<Standing, ProcessMove> moves = new EnumMap<>(Standing.class);
            for (int i = 0; i < rows.size(); i++) {
                moves.put(rows.get(i), ProcessMove.valueOf(line.get(i + 1).toUpperCase(java.util.Locale.ROOT)));
            }
            cells.put(ProcessSignal.valueOf(line.getFirst()), moves);
        }
        return cells;
    }
}
