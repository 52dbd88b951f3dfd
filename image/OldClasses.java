import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings the classes of a jar that were compiled for Java 5 (picocli's) to a class file version with stack maps.
 *
 * <p>The JVM verifies older ones the slow way and takes none of them into a start-up cache, which cost every start 100 ms.
 */
final class OldClasses {
    /** The first version whose classes must carry stack maps. */
    private static final int WITH_STACK_MAPS = ClassFile.JAVA_7_VERSION;

    private OldClasses() {}

    static void renew(Path jar) throws IOException {
        try (var zip = FileSystems.newFileSystem(jar)) {
            List<Path> classes;
            try (var files = Files.walk(zip.getPath("/"))) {
                classes = files.filter(f -> f.toString().endsWith(".class") && !f.startsWith("/META-INF"))
                        .toList();
            }
            ClassFile classFile = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.DebugElementsOption.PASS_DEBUG,
                    ClassFile.ConstantPoolSharingOption.NEW_POOL,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(
                                    type -> resource(zip.getPath("/"), type.descriptorString()))
                            .orElse(ClassHierarchyResolver.defaultResolver())
                            .cached()));
            for (Path file : classes) {
                ClassModel old = classFile.parse(Files.readAllBytes(file));
                if (old.majorVersion() < WITH_STACK_MAPS) {
                    Files.write(file, classFile.transformClass(old, renewed()));
                }
            }
        }
    }

    /** The same class with the newer version; the stack maps come from the option. */
    private static ClassTransform renewed() {
        return ClassTransform.endHandler(builder -> builder.withVersion(WITH_STACK_MAPS, 0))
                .andThen(ClassTransform.transformingMethodBodies(java.lang.classfile.CodeTransform.ACCEPT_ALL));
    }

    private static java.io.InputStream resource(Path root, String descriptor) {
        Path file = root.resolve(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
