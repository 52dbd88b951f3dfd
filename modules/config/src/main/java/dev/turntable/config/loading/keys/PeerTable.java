package dev.turntable.config.loading.keys;

import dev.turntable.config.Filters;
import dev.turntable.config.Peer;
import dev.turntable.config.Secret;
import dev.turntable.config.Tables;
import dev.turntable.config.Timeouts;
import dev.turntable.config.UpstreamUrl;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.compat.GoUrl;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Pos;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Decodes {@code peers} and checks their full names against all others (llama-swap §2.12). */
public final class PeerTable {
    private static final String CONFLICT = "conflicts with fully qualified peer model name";

    private final SequencedMap<String, Peer> peers = new TreeMap<>(GoText.BYTE_ORDER);
    private final Map<String, Pos> places = new LinkedHashMap<>();
    private final Map<String, Peer.Model> qualified = new LinkedHashMap<>();
    private final Problems problems;

    public PeerTable(Fields root, Problems problems) {
        this.problems = problems;
        new Conversions(root, "", problems)
                .child("peers", "map[string]config.PeerConfig")
                .ifPresent(table -> {
                    SequencedMap<String, Node.Field> sorted = new TreeMap<>(GoText.BYTE_ORDER);
                    sorted.putAll(table.fields().fields());
                    sorted.forEach((id, field) -> {
                        if (!field.value().isNull()) {
                            places.put(id, field.keyPos());
                            table.fit(field.value(), "config.PeerConfig", "peers." + id)
                                    .ifPresent(peer -> decode(id, peer));
                        }
                    });
                });
    }

    private void decode(String id, Conversions peer) {
        String proxy = peer.text("proxy").orElse("");
        List<String> models = peer.texts("models");
        Optional<Secret> key =
                peer.text("apiKey").filter(text -> !text.isEmpty()).map(Secret::new);
        Filters filters = FilterKeys.decode(peer, false);
        Timeouts timeouts = TimeoutKeys.decode(peer, Timeouts.PEER_DEFAULTS);
        UpstreamUrl url = new UpstreamUrl(proxy, Optional.empty());
        if (proxy.isEmpty()) {
            problems.error("proxy is required", places.get(id), "give peer " + id + " the address of the other server");
        } else {
            switch (GoUrl.parse(proxy)) {
                case GoUrl.Result.Good good -> url = good.url();
                case GoUrl.Result.Bad bad ->
                    problems.error(
                            "invalid peer proxy URL (" + proxy + "): " + bad.reason(),
                            peer.node("proxy").get(),
                            "");
            }
        }
        if (models.isEmpty()) {
            problems.error(
                    "peer models can not be empty",
                    peer.fields().get("models").map(Node::pos).orElse(places.get(id)),
                    "list the names that peer " + id + " serves");
        }
        peers.put(id, new Peer(id, url, key, models, filters, timeouts));
    }

    /** Full names are reserved: none may be made by two peers, or be a local name. */
    public void check(ModelTable models, SelectorTable selectors, ProfileTable profiles) {
        for (Peer peer : peers.values()) {
            for (String model : peer.models()) {
                Peer.Model name = new Peer.Model(peer.id(), model);
                Peer.Model other = qualified.putIfAbsent(name.qualifiedName(), name);
                if (other != null && !other.equals(name)) {
                    problems.error(
                            "peer model name " + GoText.quoted(name.qualifiedName()) + " is ambiguous between peers."
                                    + other.peer()
                                    + " model " + GoText.quoted(other.model()) + " and peers." + peer.id() + " model "
                                    + GoText.quoted(model),
                            places.get(peer.id()),
                            "");
                }
            }
        }
        models.models().values().forEach(this::checkModel);
        selectors.ids().forEach(id -> conflict(id, "selector ID " + GoText.quoted(id), selectors.place(id)));
        profiles.profiles().values().forEach(profile -> profile.pins()
                .keySet()
                .forEach(pin -> conflict(
                        pin, "profile " + profile.id() + " pin " + GoText.quoted(pin), profiles.place(profile.id()))));
    }

    private void checkModel(ModelKeys model) {
        conflict(
                model.id(),
                "model ID " + GoText.quoted(model.id()),
                model.fit().fields().pos());
        for (String alias : model.aliases()) {
            conflict(
                    alias,
                    "model " + model.id() + " alias " + GoText.quoted(alias),
                    model.fit().pos("aliases"));
        }
    }

    private void conflict(String name, String what, Pos place) {
        if (qualified.containsKey(name)) {
            problems.error(what + " " + CONFLICT, place, "rename one of them");
        }
    }

    public SequencedMap<String, Peer> peers() {
        return peers;
    }

    public Optional<Peer.Model> resolve(String name) {
        return Tables.peerModel(peers.values(), name);
    }

    public List<Secret> keys() {
        return peers.values().stream().flatMap(peer -> peer.apiKey().stream()).toList();
    }
}
