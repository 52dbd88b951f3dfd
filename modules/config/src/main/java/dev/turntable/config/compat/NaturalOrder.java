package dev.turntable.config.compat;

import java.math.BigInteger;
import java.util.Comparator;

/** Sorts names with runs of digits by their value: {@code s9} before {@code s10}; the order in which matrix sets are kept. */
public enum NaturalOrder implements Comparator<String> {
    INSTANCE;

    @Override
    public int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
                int endA = digitsEnd(a, i);
                int endB = digitsEnd(b, j);
                int order = new BigInteger(a.substring(i, endA)).compareTo(new BigInteger(b.substring(j, endB)));
                if (order != 0) {
                    return order;
                }
                i = endA;
                j = endB;
                continue;
            }
            if (a.charAt(i) != b.charAt(j)) {
                return weight(a.charAt(i)) - weight(b.charAt(j));
            }
            i++;
            j++;
        }
        int left = (a.length() - i) - (b.length() - j);
        return left != 0 ? left : GoText.BYTE_ORDER.compare(a, b);
    }

    /** Letters come after everything else. */
    private static int weight(char c) {
        return Character.isLetter(c) ? c + 0x10000 : c;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int digitsEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
