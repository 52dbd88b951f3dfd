package dev.turntable.blackbox;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One module of ours as it was compiled: its descriptor and what its classes name. */
record Room(String name, Path folder) {

    /** Every room with a descriptor of its own, compiled. */
    static List<Room> all() {
        try (Stream<Path> modules = Files.list(Image.ROOT.resolve("modules"))) {
            return modules.filter(m -> Files.exists(m.resolve("pom.xml"))
                            && Files.exists(m.resolve("target/classes/module-info.class")))
                    .map(m -> new Room(m.getFileName().toString(), m))
                    .sorted((a, b) -> a.name().compareTo(b.name()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ModuleDescriptor descriptor() {
        try (var in = Files.newInputStream(folder.resolve("target/classes/module-info.class"))) {
            return ModuleDescriptor.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The descriptor as sorted lines, without versions: what a reviewer wants to see change. */
    String description() {
        ModuleDescriptor d = descriptor();
        var lines = new TreeSet<String>();
        d.requires().stream()
                .filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED))
                .forEach(r -> lines.add("requires " + words(r.modifiers()) + r.name()));
        d.exports().forEach(e -> lines.add("exports " + e.source() + to(e.targets())));
        d.opens().forEach(o -> lines.add("opens " + o.source() + to(o.targets())));
        d.uses().forEach(u -> lines.add("uses " + u));
        d.provides().forEach(p -> lines.add("provides " + p.service() + " with " + String.join(", ", p.providers())));
        return (d.isOpen() ? "open " : "") + "module " + d.name() + "\n" + String.join("\n", lines) + "\n";
    }

    private static String words(Set<?> modifiers) {
        return modifiers.stream()
                .map(m -> m.toString().toLowerCase(java.util.Locale.ROOT) + " ")
                .sorted()
                .collect(Collectors.joining());
    }

    private static String to(Set<String> targets) {
        return targets.isEmpty() ? "" : " to " + String.join(", ", new TreeSet<>(targets));
    }

    List<ClassFacts> classes() {
        return ClassFacts.below(folder.resolve("target/classes"));
    }

    List<ClassFacts> testClasses() {
        return ClassFacts.below(folder.resolve("target/test-classes"));
    }

    Set<String> packages() {
        return classes().stream()
                .map(facts ->
                        facts.name().substring(0, facts.name().lastIndexOf('/')).replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code class -> type} for every type a class of the room names that is as described. */
    Set<String> naming(Predicate<String> described) {
        var found = new TreeSet<String>();
        for (ClassFacts facts : classes()) {
            facts.types().stream().filter(described).forEach(type -> found.add(facts.name() + " -> " + type));
        }
        return found;
    }

    @Override
    public String toString() {
        return name;
    }
}
