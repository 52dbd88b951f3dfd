package dev.turntable.config.loading;

import java.util.List;
import java.util.Random;

/** Chance from a seed, so that a failure can be repeated: the seed is in its message. */
public final class Dice {
    private final Random random;

    public Dice(long seed) {
        random = new Random(seed);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    public <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A text of these characters. */
    public String text(String characters, int longest) {
        StringBuilder out = new StringBuilder();
        int[] points = characters.codePoints().toArray();
        for (int i = below(longest + 1); i > 0; i--) {
            out.appendCodePoint(points[below(points.length)]);
        }
        return out.toString();
    }
}
