package dev.turntable.config;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Lookups and copies of the tables of names. */
public final class Tables {
    private Tables() {}

    public static <V> SequencedMap<String, V> copy(SequencedMap<String, V> table) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(table));
    }

    public static Optional<Peer.Model> peerModel(Collection<Peer> peers, String name) {
        Optional<Peer.Model> bare = Optional.empty();
        boolean ambiguous = false;
        for (Peer peer : peers) {
            String prefix = peer.id() + "/";
            if (name.startsWith(prefix) && peer.models().contains(name.substring(prefix.length()))) {
                return Optional.of(new Peer.Model(peer.id(), name.substring(prefix.length())));
            }
            if (peer.models().contains(name)) {
                ambiguous = bare.isPresent();
                bare = bare.isPresent() ? bare : Optional.of(new Peer.Model(peer.id(), name));
            }
        }
        return ambiguous ? Optional.empty() : bare;
    }
}
