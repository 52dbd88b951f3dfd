package dev.turntable.event;

/** One life of one upstream process: the model and a number that grows with every start of any model. Written {@code model#number}. */
public record RunId(ModelId model, long number) implements Comparable<RunId> {

    /** Reads {@code model#number}; the model itself may contain {@code #}. Throws IllegalArgumentException for anything else. */
    public static RunId parse(String text) {
        int hash = text.lastIndexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException("not a run: " + text);
        }
        return new RunId(new ModelId(text.substring(0, hash)), Long.parseLong(text.substring(hash + 1)));
    }

    @Override
    public int compareTo(RunId other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return model.value() + "#" + number;
    }
}
