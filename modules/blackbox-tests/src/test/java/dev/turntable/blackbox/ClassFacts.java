package dev.turntable.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one class file names, read from its constant pool.
 *
 * @param name internal name, with slashes
 * @param types every class it names, in code or in a signature, in internal form
 * @param members every method and field it uses, as {@code owner.name}
 * @param mutableStatics its static fields that are not final, as {@code name.field}
 */
record ClassFacts(String name, Set<String> types, Set<String> members, Set<String> mutableStatics) {
    private static final Pattern TYPE = Pattern.compile("L([^;<>]+);");

    /** All classes in a folder; none when it does not exist. Descriptors of modules are left out. */
    static List<ClassFacts> below(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            var classes = new ArrayList<ClassFacts>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                if (!file.endsWith("module-info.class")) {
                    classes.add(of(ClassFile.of().parse(file)));
                }
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassFacts of(ClassModel model) {
        var types = new TreeSet<String>();
        var members = new TreeSet<String>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> type(types, type.asInternalName());
                case MemberRefEntry member ->
                    members.add(member.owner().asInternalName() + "."
                            + member.name().stringValue());
                case NameAndTypeEntry signature ->
                    signature(types, signature.type().stringValue());
                case MethodTypeEntry signature ->
                    signature(types, signature.descriptor().stringValue());
                default -> {}
            }
        }
        model.fields().forEach(field -> signature(types, field.fieldType().stringValue()));
        model.methods().forEach(method -> signature(types, method.methodType().stringValue()));
        String name = model.thisClass().asInternalName();
        var mutable = new TreeSet<String>();
        model.fields().stream()
                .filter(f -> f.flags().has(AccessFlag.STATIC) && !f.flags().has(AccessFlag.FINAL))
                .forEach(f -> mutable.add(name + "." + f.fieldName().stringValue()));
        return new ClassFacts(name, types, members, mutable);
    }

    private static void type(Set<String> types, String name) {
        if (name.startsWith("[")) {
            signature(types, name);
        } else {
            types.add(name);
        }
    }

    private static void signature(Set<String> types, String descriptor) {
        Matcher found = TYPE.matcher(descriptor);
        while (found.find()) {
            types.add(found.group(1));
        }
    }
}
