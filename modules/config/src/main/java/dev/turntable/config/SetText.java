package dev.turntable.config;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes a matrix expression back as text; a model that has a var is called by it. */
public final class SetText {
    private final Map<String, String> names = new HashMap<>();

    public SetText(Map<String, String> vars) {
        new TreeMap<>(vars).forEach((var, model) -> names.putIfAbsent(model, var));
    }

    public String of(SetExpr expr) {
        return switch (expr) {
            case SetExpr.Name name -> names.getOrDefault(name.model(), name.model());
            case SetExpr.Ref ref -> "+" + ref.set();
            case SetExpr.And and ->
                and.parts().stream()
                        .map(part -> part instanceof SetExpr.Or ? "(" + of(part) + ")" : of(part))
                        .collect(Collectors.joining(" & "));
            case SetExpr.Or or -> or.parts().stream().map(this::of).collect(Collectors.joining(" | "));
        };
    }
}
