package dev.turntable.logs;

import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The lines about the server itself: its start and end, its configuration, its disk, its operator. */
final class ServerLines {

    void started(Sheet sheet, Fact.ServerStarted started) {
        sheet.own(Level.DEBUG, "PID: " + started.pid() + ", version " + started.version());
    }

    /** llama-swap §1.2, steps 12 and 13. */
    void listening(Sheet sheet, Fact.ServerListening listening) {
        String address = listening.address();
        sheet.add(
                Level.INFO,
                listening.tls()
                        ? "llama-swap listening with TLS on https://" + address
                        : "llama-swap listening on http://" + address);
        if (listening.everywhere()) {
            String port = address.substring(address.lastIndexOf(':') + 1);
            sheet.add(
                    Level.INFO,
                    "this address can be reached from the whole network; use -listen localhost:" + port
                            + " to keep it to this machine");
        }
    }

    void stopping(Sheet sheet, Fact.ServerStopping stopping) {
        sheet.own(Level.INFO, "received " + stopping.signal() + ", shutting down");
    }

    void forced(Sheet sheet, Fact.ServerForced forced) {
        sheet.own(Level.WARN, "received " + forced.signal() + " again: what is left is cut and killed");
    }

    void configApplied(Sheet sheet, Fact.ConfigApplied applied) {
        applied.warnings().forEach(warning -> sheet.add(Level.WARN, warning));
        Fact.ConfigChange change = applied.change();
        List<String> parts = new ArrayList<>();
        part(parts, "added", change.added());
        part(parts, "removed", change.removed());
        part(parts, "to be restarted", change.stale());
        part(parts, "changed in place", change.retuned());
        if (!change.keys().isEmpty()) {
            parts.add("other keys [" + String.join(" ", change.keys()) + "]");
        }
        boolean first = applied.origin().equals("start");
        String what = first
                ? "configuration loaded: " + applied.policy().models().size() + " models"
                : "configuration reloaded (" + applied.origin() + "): "
                        + (parts.isEmpty() ? "nothing changed" : String.join(", ", parts));
        sheet.own(Level.INFO, what + ", hash " + shortened(applied.hash()));
    }

    private static void part(List<String> parts, String what, List<ModelId> models) {
        if (!models.isEmpty()) {
            parts.add(what + models.stream().map(ModelId::value).collect(Collectors.joining(" ", " [", "]")));
        }
    }

    void configRejected(Sheet sheet, Fact.ConfigRejected rejected) {
        sheet.own(
                Level.WARN,
                "configuration refused (" + rejected.origin() + "), the one before stays in force: "
                        + String.join("; ", rejected.errors()));
    }

    void unloadAsked(Sheet sheet, Fact.UnloadAsked asked) {
        String what = asked.models().isEmpty()
                ? "all models"
                : asked.models().stream().map(ModelId::value).collect(Collectors.joining(" ", "[", "]"));
        sheet.own(Level.INFO, "unload of " + what + " asked by " + asked.by());
    }

    void profile(Sheet sheet, Fact.ProfileActivated activated) {
        sheet.own(
                Level.INFO,
                activated
                                .profile()
                                .map(name -> "profile " + name + " activated by ")
                                .orElse("profile deactivated by ")
                        + activated.by());
    }

    void orphan(Sheet sheet, Fact.OrphanFound found) {
        sheet.own(
                Level.WARN,
                "<" + found.run().model() + "> found process " + found.pid() + " of the server run before: "
                        + found.detail());
    }

    void diskLow(Sheet sheet, Fact.DiskLow low) {
        sheet.own(
                Level.ERROR,
                "disk low: " + low.freeBytes() + " bytes free, " + low.floorBytes()
                        + " wanted; loaded models are served on");
    }

    void diskRecovered(Sheet sheet, Fact.DiskRecovered recovered) {
        sheet.own(
                Level.WARN,
                "disk has room again: " + recovered.freeBytes() + " bytes free; " + recovered.lostCommits()
                        + " commits went unrecorded");
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }
}
