package dev.turntable.config.printing;

import dev.turntable.config.TurntableSettings;
import dev.turntable.config.compat.GoDuration;
import java.util.Locale;

/** Shows our own block with every key of it. */
final class TurntablePrinter {
    private TurntablePrinter() {}

    static Tree print(TurntableSettings t, Tree root) {
        Tree tree = root.child();
        t.dataDir().ifPresent(dir -> tree.put("dataDir", dir));
        return tree.put("durability", t.durability().name().toLowerCase(Locale.ROOT))
                .put("maxWait", GoDuration.format(t.maxWait()))
                .put(
                        "backoff",
                        root.child()
                                .put("after", t.backoff().after())
                                .put("initial", GoDuration.format(t.backoff().initial()))
                                .put("max", GoDuration.format(t.backoff().max())))
                .put(
                        "retention",
                        root.child()
                                .put(
                                        "journalAge",
                                        GoDuration.format(t.retention().journalAge()))
                                .put("journalSize", t.retention().journalBytes())
                                .put(
                                        "outputAge",
                                        GoDuration.format(t.retention().outputAge()))
                                .put("outputSize", t.retention().outputBytes()))
                .put(
                        "limits",
                        root.child()
                                .put("queue", t.limits().queue())
                                .put("requestBody", t.limits().requestBody())
                                .put("header", t.limits().header())
                                .put("connections", t.limits().connections())
                                .put("subscribers", t.limits().subscribers()))
                .texts("cors", t.cors());
    }
}
