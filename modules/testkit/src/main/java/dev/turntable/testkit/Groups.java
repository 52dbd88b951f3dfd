package dev.turntable.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * A configuration of many small worlds: models of different groups leave each other alone, so that every test has models of its own on
 * a server that they share. Takes the entries of {@link TurntableProcess#model}.
 */
public final class Groups {
    private final StringBuilder groups = new StringBuilder("groups:\n");
    private final StringBuilder models = new StringBuilder("models:\n");
    private int count;

    public Groups() {}

    /** Models that run side by side. */
    public Groups together(String... entries) {
        return group("swap: false, exclusive: false", entries);
    }

    /** Models of which one runs at a time. */
    public Groups swapping(String... entries) {
        return group("swap: true, exclusive: false", entries);
    }

    /** A group with these settings: {@code "swap: false, exclusive: true, persistent: true"}. */
    public Groups group(String settings, String... entries) {
        var members = new ArrayList<String>();
        for (String entry : entries) {
            members.add(entry.substring(0, entry.indexOf(':')).strip());
            models.append(entry);
        }
        groups.append("  g%d: {%s, members: %s}\n".formatted(++count, settings, List.copyOf(members)));
        return this;
    }

    public String yaml() {
        return groups.toString() + models;
    }
}
