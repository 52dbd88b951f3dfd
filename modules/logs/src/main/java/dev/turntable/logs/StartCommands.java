package dev.turntable.logs;

import dev.turntable.event.RunId;
import java.util.Optional;

/** Knows the command a run is started with, for the debug line; commands are not in the journal. Must not show secrets. */
@FunctionalInterface
public interface StartCommands {
    /** Nobody knows any command. */
    StartCommands UNKNOWN = run -> Optional.empty();

    /** The command line of this run as a person reads it, if it is still known. */
    Optional<String> of(RunId run);
}
