package dev.turntable.blackbox;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table "The rooms" of docs/architecture.md, which is the one place that says which room may know which.
 *
 * @param arrows a room's name, and the rooms it may know
 */
record RoomTable(Map<String, Set<String>> arrows) {
    private static final Pattern ROW = Pattern.compile("\\| `([\\w-]+)` \\|[^|]*\\|([^|]*)\\|[^|]*\\|");
    private static final Pattern NAME = Pattern.compile("[\\w-]+");

    /** What the table says where a room may know no other, and where it may know every one. */
    private static final String NONE = "nothing of ours";

    private static final String ALL = "all";

    static RoomTable read() {
        try {
            String page = Files.readString(Image.ROOT.resolve("docs/architecture.md"));
            int begin = page.indexOf("## The rooms");
            String section = page.substring(begin, page.indexOf("\n## ", begin));
            var arrows = new TreeMap<String, Set<String>>();
            for (Matcher row = ROW.matcher(section); row.find(); ) {
                arrows.put(row.group(1), rooms(row.group(2).strip()));
            }
            arrows.replaceAll((_, known) -> known.contains(ALL) ? arrows.keySet() : known);
            return new RoomTable(arrows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> rooms(String cell) {
        var names = new TreeSet<String>();
        if (!cell.equals(NONE)) {
            NAME.matcher(cell).results().forEach(name -> names.add(name.group()));
        }
        return names;
    }
}
