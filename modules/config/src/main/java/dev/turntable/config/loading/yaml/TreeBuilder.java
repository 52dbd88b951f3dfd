package dev.turntable.config.loading.yaml;

import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Kind;
import dev.turntable.config.loading.yaml.Node.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/** Builds the tree of one document from parser events: follows anchors and merge keys, counts aliases, finds keys given twice. */
final class TreeBuilder {
    /** Deepest nesting; llama-swap's library stops at ten times that, no real file passes ten. */
    private static final int MAX_DEPTH = 1_000;

    /** Most values after following aliases, whatever the ratio. */
    private static final long MAX_NODES = 2_000_000;

    private record Anchor(Node node, long size) {}

    private record Merge(Pos pos, Node value) {}

    private final Source source;
    private final Parser events;
    private final Map<String, Anchor> anchors = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final List<YamlException> broken = new ArrayList<>();
    private final List<String> path = new ArrayList<>();
    private long nodes;
    private long aliased;
    private int depth;
    private int flowDepth;

    TreeBuilder(Source source, Parser events) {
        this.source = source;
        this.events = events;
    }

    int flowDepth() {
        return flowDepth;
    }

    YamlParser.Parsed build() {
        events.next(); // stream start
        if (events.checkEvent(Event.ID.StreamEnd)) {
            return new YamlParser.Parsed(Optional.empty(), List.of());
        }
        events.next(); // document start
        Node root = node();
        return new YamlParser.Parsed(Optional.of(root), List.copyOf(broken));
    }

    private Node node() {
        Event event = events.next();
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        NodeEvent start = (NodeEvent) event;
        Optional<String> anchor = start.getAnchor().map(Object::toString);
        anchor.ifPresent(open::add);
        long before = nodes;
        count(1, start);
        Node node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar);
                    case CollectionStartEvent collection -> collection(collection);
                    default -> throw new IllegalStateException("no node begins with " + event);
                };
        anchor.ifPresent(name -> {
            open.remove(name);
            anchors.put(name, new Anchor(node, nodes - before));
        });
        return node;
    }

    private Node alias(AliasEvent event) {
        String name = event.getAlias().toString();
        Pos pos = pos(event);
        if (open.contains(name)) {
            throw new YamlException("yaml: anchor '" + name + "' value contains itself", pos, false);
        }
        Anchor anchor = anchors.get(name);
        if (anchor == null) {
            throw new YamlException("yaml: unknown anchor '" + name + "' referenced", pos, true);
        }
        aliased += anchor.size();
        count(anchor.size(), event);
        return anchor.node();
    }

    private void count(long size, Event event) {
        nodes += size;
        boolean excessive = aliased > 100 && nodes > 1_000 && (double) aliased / nodes > allowedRatio();
        if (excessive || nodes > MAX_NODES) {
            throw new YamlException("yaml: document contains excessive aliasing", pos(event), false);
        }
    }

    private double allowedRatio() {
        if (nodes <= 400_000) {
            return 0.99;
        }
        return nodes >= 4_000_000 ? 0.10 : 0.99 - 0.89 * (nodes - 400_000) / 3_600_000;
    }

    private Scalar scalar(ScalarEvent event) {
        Pos pos = pos(event);
        boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
        String text = event.getValue();
        Optional<String> tag = event.getTag().filter(t -> !t.equals("!"));
        try {
            Scalars.Resolved resolved = tag.map(t -> Scalars.tagged(t, text))
                    .orElseGet(() -> plain ? Scalars.plain(text) : Scalars.text(text));
            boolean decoded = tag.isPresent() && resolved.kind() == Kind.TEXT;
            String raw = decoded ? ((dev.turntable.config.Value.Text) resolved.value()).text() : text;
            return new Scalar(pos, resolved.kind(), resolved.value(), raw, plain);
        } catch (IllegalArgumentException e) {
            broken.add(new YamlException("yaml: " + e.getMessage(), pos, false));
            return new Scalar(pos, Kind.TEXT, new dev.turntable.config.Value.Text(text), text, plain);
        }
    }

    private Node collection(CollectionStartEvent event) {
        if (++depth > MAX_DEPTH) {
            throw new YamlException("yaml: exceeded max depth of " + MAX_DEPTH, pos(event), true);
        }
        boolean flow = event.getFlowStyle() == FlowStyle.FLOW;
        flowDepth += flow ? 1 : 0;
        Node node = event.getEventId() == Event.ID.SequenceStart ? items(pos(event)) : fields(pos(event));
        flowDepth -= flow ? 1 : 0;
        depth--;
        return node;
    }

    private Items items(Pos start) {
        List<Node> items = new ArrayList<>();
        path.add("[]");
        while (!events.checkEvent(Event.ID.SequenceEnd)) {
            items.add(node());
        }
        path.removeLast();
        events.next();
        return new Items(start, items);
    }

    private Fields fields(Pos start) {
        SequencedMap<String, Field> own = new LinkedHashMap<>();
        List<Merge> merges = new ArrayList<>();
        boolean merging = !isMacros();
        while (!events.checkEvent(Event.ID.MappingEnd)) {
            Node keyNode = node();
            if (!(keyNode instanceof Scalar key)) {
                throw new YamlException("yaml: invalid map key: a mapping or list", keyNode.pos(), false);
            }
            path.add(key.raw());
            Node value = node();
            path.removeLast();
            Field field = new Field(key.pos(), key.raw(), key.kind() == Kind.TEXT, value);
            Field earlier = own.putIfAbsent(key.raw(), field);
            if (earlier != null) {
                broken.add(twice(key, earlier));
            }
            if (merging && key.plain() && key.raw().equals("<<")) {
                merges.add(new Merge(key.pos(), value));
            }
        }
        events.next();
        if (!merges.isEmpty()) {
            own.remove("<<");
            merges.forEach(merge -> merge(own, merge.value(), merge.pos()));
        }
        return new Fields(start, own);
    }

    private static YamlException twice(Scalar key, Field earlier) {
        return new YamlException(
                "yaml: unmarshal errors: line " + key.pos().line() + ": mapping key \"" + key.raw()
                        + "\" already defined at line " + earlier.keyPos().line(),
                key.pos(),
                false);
    }

    /** Keys of a macros block are names, even {@code <<}. */
    private boolean isMacros() {
        return !path.isEmpty()
                && path.getLast().equals("macros")
                && (path.size() == 1 || path.size() == 3 && path.getFirst().equals("models"));
    }

    private void merge(SequencedMap<String, Field> into, Node value, Pos pos) {
        switch (value) {
            case Fields fields -> fields.fields().forEach(into::putIfAbsent);
            case Items items
            when items.items().stream().allMatch(Fields.class::isInstance) ->
                items.items().forEach(item -> merge(into, item, pos));
            case Items ignored -> broken.add(badMerge(pos));
            case Scalar ignored -> broken.add(badMerge(pos));
        }
    }

    private static YamlException badMerge(Pos pos) {
        return new YamlException("yaml: map merge requires map or sequence of maps as the value", pos, false);
    }

    private Pos pos(Event event) {
        Mark start = event.getStartMark().orElseThrow();
        Mark end = event.getEndMark().orElse(start);
        return new Pos(source, start.getLine() + 1, start.getColumn() + 1, end.getLine() + 1, end.getColumn() + 1);
    }
}
