package dev.turntable.proxy;

import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Peer;
import dev.turntable.config.Profile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a requested name stands for (llama-swap §5.1): active profile pin, selector, alias, local model, peer, or nothing. */
final class Names {
    /** The meaning of a name that went through profile and selector. {@code name} is that name, as an upstream should see it. */
    sealed interface Meaning {
        String name();

        /** {@code profile} is the old-style profile part that was cut off. */
        record Local(ModelConfig model, String name, Optional<String> profile) implements Meaning {}

        record AtPeer(Peer peer, String bare, String name) implements Meaning {}

        record Nowhere(String name, String message) implements Meaning {}
    }

    private Names() {}

    /** The target of a pin of the active profile; the name itself where there is none. An empty text is a disabled pin. */
    static String pinned(Optional<Profile> active, String name) {
        return active.map(profile -> profile.pins().getOrDefault(name, name)).orElse(name);
    }

    static Meaning meaning(Config config, String name) {
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
        return new Meaning.Nowhere(name, "no router for requested model");
    }

    /** {@code profile:model} of older releases (llama-swap §11.1), refused before anything is swapped. */
    private static Meaning inProfile(Config config, String asked, String profile, String model) {
        List<String> members = config.modelSets().get(profile);
        if (!profile.isEmpty() && members == null) {
            return refused(asked, "model group not found " + profile);
        }
        Optional<ModelConfig> found = config.model(model);
        if (found.isEmpty()) {
            return refused(asked, "could not find modelID for " + asked);
        }
        if (!profile.isEmpty() && !members.contains(found.get().id())) {
            return refused(asked, "model " + found.get().id() + " part of profile " + profile);
        }
        return new Meaning.Local(found.get(), model, profile.isEmpty() ? Optional.empty() : Optional.of(profile));
    }

    private static Meaning refused(String asked, String detail) {
        return new Meaning.Nowhere(asked, "unable to swap to model, " + detail);
    }

    /** The model part of an {@code /upstream} path and what is left of the path. */
    record InPath(Meaning meaning, String rest) {}

    /**
     * The longest prefix of whole segments that is a model, an alias or a peer's model (llama-swap §3.9).
     *
     * @param rawPath what follows {@code /upstream/}, escapes as written
     */
    static Optional<InPath> inPath(Config config, Optional<Profile> active, String rawPath) {
        String[] segments = rawPath.split("/", -1);
        Optional<Map.Entry<String, Integer>> pin = pinInPath(active, segments);
        if (pin.isPresent() && pin.get().getKey().isEmpty()) {
            return Optional.empty();
        }
        int first = pin.map(Map.Entry::getValue).orElse(0);
        String name = pin.map(Map.Entry::getKey).orElse("");
        InPath longest = null;
        if (!name.isEmpty()) {
            longest = candidate(config, name, segments, first).orElse(null);
        }
        for (int used = first; used < segments.length; used++) {
            String segment = Routes.decode(segments[used]);
            if (segment.isEmpty()) {
                continue;
            }
            name = name.isEmpty() ? segment : name + "/" + segment;
            Optional<InPath> here = candidate(config, name, segments, used + 1);
            if (here.isPresent()) {
                longest = here.get();
            }
        }
        return Optional.ofNullable(longest);
    }

    private static Optional<InPath> candidate(Config config, String name, String[] segments, int used) {
        return switch (meaning(config, name)) {
            case Meaning.Nowhere nowhere -> Optional.empty();
            case Meaning found -> {
                StringBuilder rest = new StringBuilder();
                for (int i = used; i < segments.length; i++) {
                    rest.append('/').append(segments[i]);
                }
                yield Optional.of(new InPath(found, rest.toString()));
            }
        };
    }

    /** The longest pin that is the path or a prefix of whole segments of it: its target, and how many segments it takes. */
    private static Optional<Map.Entry<String, Integer>> pinInPath(Optional<Profile> active, String[] segments) {
        if (active.isEmpty()) {
            return Optional.empty();
        }
        Optional<Map.Entry<String, Integer>> longest = Optional.empty();
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < segments.length; i++) {
            prefix.append(i == 0 ? "" : "/").append(Routes.decode(segments[i]));
            String target = active.get().pins().get(prefix.toString());
            if (target != null) {
                longest = Optional.of(Map.entry(target, i + 1));
            }
        }
        return longest;
    }
}
