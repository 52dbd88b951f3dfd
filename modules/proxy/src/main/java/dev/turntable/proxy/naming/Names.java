package dev.turntable.proxy.naming;

import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Peer;
import dev.turntable.config.Profile;
import dev.turntable.proxy.exchange.Recorded;
import dev.turntable.proxy.exchange.RoutePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a requested name stands for (llama-swap §5.1): active profile pin, selector, alias, local model, peer, or nothing. */
public final class Names {
    /** The meaning of a name that went through profile and selector. {@code name} is that name, as an upstream should see it. */
    public sealed interface Meaning {
        String name();

        /** {@code profile} is the old-style profile part that was cut off. */
        record Local(ModelConfig model, String name, Optional<String> profile) implements Meaning {}

        record AtPeer(Peer peer, String bare, String name) implements Meaning {}

        record Nowhere(String name, String message) implements Meaning {}
    }

    /** The model part of an {@code /upstream} path and what is left of the path. */
    public record InPath(Meaning meaning, String rest) {}

    private Names() {}

    /** The target of a pin of the active profile; the name itself where there is none. An empty text is a disabled pin. */
    public static String pinned(Optional<Profile> active, String name) {
        return active.map(profile -> profile.pins().getOrDefault(name, name)).orElse(name);
    }

    public static Meaning meaning(Config config, String name) {
        Optional<ModelConfig> local = config.model(name);
        if (local.isPresent()) {
            return new Meaning.Local(local.get(), name, Optional.empty());
        }
        Optional<Peer.Model> peer = config.resolvePeer(name);
        if (peer.isPresent()) {
            return new Meaning.AtPeer(
                    config.peers().get(peer.get().peer()), peer.get().model(), name);
        }
        int colon = name.indexOf(':');
        if (colon >= 0 && !config.modelSets().isEmpty()) {
            return inProfile(config, name, name.substring(0, colon), name.substring(colon + 1));
        }
        return new Meaning.Nowhere(name, "no router for requested model" + nameIfCut(name));
    }

    /** The words are the reference's, which clients compare; a name too long for the record is told with its beginning. */
    private static String nameIfCut(String name) {
        return shown(name).equals(name) ? "" : " " + shown(name);
    }

    private static String shown(String name) {
        return Recorded.NAME.cut(name);
    }

    /** {@code profile:model} of older releases (llama-swap §11.1), refused before anything is swapped. */
    private static Meaning inProfile(Config config, String asked, String profile, String model) {
        List<String> members = config.modelSets().get(profile);
        if (!profile.isEmpty() && members == null) {
            return refused(asked, "model group not found " + shown(profile));
        }
        Optional<ModelConfig> found = config.model(model);
        if (found.isEmpty()) {
            return refused(asked, "could not find modelID for " + shown(asked));
        }
        if (!profile.isEmpty() && !members.contains(found.get().id())) {
            return refused(asked, "model " + found.get().id() + " part of profile " + shown(profile));
        }
        return new Meaning.Local(found.get(), model, profile.isEmpty() ? Optional.empty() : Optional.of(profile));
    }

    private static Meaning refused(String asked, String detail) {
        return new Meaning.Nowhere(asked, "unable to swap to model, " + detail);
    }

    /**
     * The longest prefix of whole segments that is a model, an alias or a peer's model (llama-swap §3.9). A name may have slashes of its own,
     * doubled ones too; where it has none, doubled ones of the path do not matter. No prefix longer than every name is looked at, so that a
     * long path costs no more than its length.
     *
     * @param rawPath what follows {@code /upstream/}, escapes as written
     */
    public static Optional<InPath> inPath(Config config, Optional<Profile> active, String rawPath) {
        Map<String, String> pins =
                active.<Map<String, String>>map(Profile::pins).orElse(Map.of());
        Optional<Prefix> pin = prefixes(rawPath, "", 0, longest(pins.keySet().stream()))
                .filter(prefix -> pins.containsKey(prefix.name()))
                .reduce((shorter, longer) -> longer);
        if (pin.isPresent() && pins.get(pin.get().name()).isEmpty()) {
            return Optional.empty();
        }
        Prefix begin = pin.map(found -> new Prefix(pins.get(found.name()), found.end()))
                .orElse(new Prefix("", 0));
        return Stream.concat(Stream.of(begin), prefixes(rawPath, begin.name(), begin.end(), longestName(config)))
                .flatMap(prefix -> inPath(config, prefix, rawPath).stream())
                .reduce((shorter, longer) -> longer);
    }

    private static Optional<InPath> inPath(Config config, Prefix prefix, String rawPath) {
        return switch (meaning(config, prefix.name())) {
            case Meaning.Nowhere nowhere -> Optional.empty();
            case Meaning found -> Optional.of(new InPath(found, rawPath.substring(prefix.end())));
        };
    }

    /** A name that a path may begin with, and where what follows it begins: at a slash, or the end. */
    private record Prefix(String name, int end) {}

    /** The names of at most {@code longest} characters that {@code before} and the segments from {@code start} on make, shorter ones first. */
    private static Stream<Prefix> prefixes(String rawPath, String before, int start, int longest) {
        List<Prefix> found = new ArrayList<>();
        StringBuilder exact = new StringBuilder(before);
        StringBuilder plain = new StringBuilder(before);
        int begin = start == 0 ? 0 : start + 1;
        while (begin <= rawPath.length() && plain.length() <= longest) {
            int slash = rawPath.indexOf('/', begin);
            int end = slash < 0 ? rawPath.length() : slash;
            String segment = RoutePath.decode(rawPath.substring(begin, end));
            exact.append(begin == 0 ? "" : "/").append(segment);
            if (!segment.isEmpty()) {
                plain.append(plain.isEmpty() ? "" : "/").append(segment);
                found.add(new Prefix(plain.toString(), end));
                if (exact.length() > plain.length() && exact.length() <= longest) {
                    found.add(new Prefix(exact.toString(), end));
                }
            }
            begin = end + 1;
        }
        return found.stream();
    }

    /** Characters of the longest name that a path can mean. */
    private static int longestName(Config config) {
        int local = longest(Stream.concat(config.models().keySet().stream(), config.aliases().keySet().stream()));
        int inSet = config.modelSets().isEmpty() ? 0 : longest(config.modelSets().keySet().stream()) + 1;
        int atPeer = longest(config.peers().values().stream()
                .flatMap(peer -> peer.models().stream().map(model -> peer.id() + "/" + model)));
        return Math.max(inSet + local, atPeer);
    }

    private static int longest(Stream<String> names) {
        return names.mapToInt(String::length).max().orElse(0);
    }
}
