package dev.turntable.event;

import java.util.ArrayList;
import java.util.List;

/** Keeps text within what the record takes: one commit has a limit (docs/decisions/0020-payload-limit.md), and nobody reads more. */
public final class Texts {
    /** Room for what is put behind a text that was cut. */
    private static final int NOTE = 32;

    private Texts() {}

    /** The text, or its beginning and how long it was: never longer than {@code most}, so that it is cut once and stays as it is. */
    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Math.max(0, most - NOTE);
        end = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        return text.substring(0, end) + "… (" + text.length() + " characters)";
    }

    /** At most so many, each cut; the last one says how many more there were. */
    static List<String> cut(List<String> texts, int count, int most) {
        boolean more = texts.size() > count;
        List<String> cut = new ArrayList<>();
        texts.stream().limit(more ? count - 1 : count).forEach(text -> cut.add(cut(text, most)));
        if (more) {
            cut.add("… and " + (texts.size() - count + 1) + " more");
        }
        return List.copyOf(cut);
    }
}
