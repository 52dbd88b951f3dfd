package dev.turntable.config;

import java.util.List;

/**
 * Models that are loaded under one rule (llama-swap §2.8, §5.4).
 *
 * @param swap only one member runs at a time
 * @param exclusive loading a member ends the models of other groups
 * @param persistent other groups never end its members
 * @param members real model ids; aliases written in the file have no effect and are left out
 */
public record Group(String id, boolean swap, boolean exclusive, boolean persistent, List<String> members) {
    /** The automatic group of every model that is in no other. */
    public static final String DEFAULT_ID = "(default)";

    public Group {
        members = List.copyOf(members);
    }
}
