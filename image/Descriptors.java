import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.attribute.ModulePackagesAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ModuleDesc;
import java.lang.constant.PackageDesc;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gives the third-party jars named in {@code third-party.modules} a descriptor, because jlink links real modules only. */
record Descriptors(List<Entry> entries) {

    /** One jar without a descriptor: its module name, how its file name begins, and the clauses it needs. */
    record Entry(String module, String jarPrefix, List<Requires> requires, List<String> uses, List<Provides> provides) {}

    record Requires(String module, Set<AccessFlag> flags) {}

    record Provides(String service, List<String> implementations) {}

    static Descriptors read(Path file) throws IOException {
        var entries = new ArrayList<Entry>();
        for (String line : Files.readAllLines(file)) {
            List<String> words = Arrays.asList(line.strip().split("[\\s,]+"));
            switch (words.getFirst()) {
                case "", "#" -> {}
                case "module" ->
                    entries.add(new Entry(
                            words.get(1), words.get(2), new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
                case "requires" -> entries.getLast().requires().add(requires(words));
                case "uses" -> entries.getLast().uses().add(words.get(1));
                case "provides" ->
                    entries.getLast().provides().add(new Provides(words.get(1), words.subList(3, words.size())));
                default -> throw new IllegalArgumentException(file + ": not a clause: " + line);
            }
        }
        return new Descriptors(entries);
    }

    private static Requires requires(List<String> words) {
        Set<AccessFlag> flags =
                switch (words.get(1)) {
                    case "transitive" -> Set.of(AccessFlag.TRANSITIVE);
                    case "static" -> Set.of(AccessFlag.STATIC_PHASE);
                    default -> Set.of();
                };
        return new Requires(words.getLast(), flags);
    }

    /** Writes a descriptor into every jar of the folder that is named here; fails when a jar would stay automatic. */
    void addTo(Path folder) throws IOException {
        List<Path> jars;
        try (var files = Files.list(folder)) {
            jars = files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            for (Entry entry : entries) {
                if (jar.getFileName().toString().startsWith(entry.jarPrefix())) {
                    add(entry, jar);
                }
            }
        }
        List<String> automatic = java.lang.module.ModuleFinder.of(folder).findAll().stream()
                .map(java.lang.module.ModuleReference::descriptor)
                .filter(ModuleDescriptor::isAutomatic)
                .map(ModuleDescriptor::toNameAndVersion)
                .sorted()
                .toList();
        if (!automatic.isEmpty()) {
            throw new IllegalStateException("jars without a descriptor; name them in image/third-party.modules: " + automatic);
        }
    }

    private static void add(Entry entry, Path jar) throws IOException {
        try (var zip = FileSystems.newFileSystem(jar)) {
            Path root = zip.getPath("/");
            List<PackageDesc> packages = packages(root);
            var name = jar.getFileName().toString();
            byte[] descriptor = moduleInfo(entry, packages, name.replaceAll("^.*?-(\\d[^-]*)\\.jar$", "$1"));
            Files.write(root.resolve("module-info.class"), descriptor);
        }
    }

    /** The packages with classes in them: a descriptor that exports an empty one is refused at run time. */
    private static List<PackageDesc> packages(Path root) throws IOException {
        var names = new TreeSet<String>();
        try (var files = Files.walk(root)) {
            files.map(Path::toString)
                    .filter(f -> f.endsWith(".class") && !f.startsWith("/META-INF/") && f.lastIndexOf('/') > 0)
                    .forEach(f -> names.add(f.substring(1, f.lastIndexOf('/')).replace('/', '.')));
        }
        return names.stream().map(PackageDesc::of).toList();
    }

    private static byte[] moduleInfo(Entry entry, List<PackageDesc> packages, String version) {
        var module = ModuleAttribute.of(ModuleDesc.of(entry.module()), m -> {
            m.moduleFlags(AccessFlag.OPEN);
            m.moduleVersion(version);
            m.requires(ModuleDesc.of("java.base"), Set.of(AccessFlag.MANDATED), null);
            entry.requires().forEach(r -> m.requires(ModuleDesc.of(r.module()), r.flags(), null));
            packages.forEach(p -> m.exports(p, Set.of()));
            entry.uses().forEach(u -> m.uses(ClassDesc.of(u)));
            entry.provides()
                    .forEach(p -> m.provides(
                            ClassDesc.of(p.service()),
                            p.implementations().stream().map(ClassDesc::of).toArray(ClassDesc[]::new)));
        });
        return ClassFile.of()
                .buildModule(module, c -> c.with(ModulePackagesAttribute.ofNames(packages.toArray(PackageDesc[]::new))));
    }
}
