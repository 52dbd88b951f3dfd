package dev.turntable.http2;

/**
 * Reads strings in the Huffman code of RFC 7541, appendix B. The code is canonical, so the length of each symbol says everything: codes of
 * one length follow each other in the order of their symbols.
 */
final class Huffman {
    private static final int END_OF_STRING = 256;
    private static final int LONGEST = 30;

    /** How many bits each byte and the end of a string take, each as a digit to base 36. */
    private static final String LENGTHS = "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca"
            + "d67777777777777777777777878djde6f56565666577666567655677777fbeds"
            + "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn"
            + "qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq"
            + "u";

    /** Symbols in the order of their codes. */
    private static final int[] SYMBOLS = new int[END_OF_STRING + 1];

    /** The first code of each length, and the place of its symbol. */
    private static final int[] FIRST = new int[LONGEST + 2];

    private static final int[] PLACE = new int[LONGEST + 2];

    static {
        int code = 0;
        int place = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            FIRST[length] = code;
            PLACE[length] = place;
            for (int symbol = 0; symbol <= END_OF_STRING; symbol++) {
                if (Character.digit(LENGTHS.charAt(symbol), 36) == length) {
                    SYMBOLS[place++] = symbol;
                    code++;
                }
            }
        }
        PLACE[LONGEST + 1] = place;
    }

    private Huffman() {}

    /** The text, one character for each byte. */
    static String decode(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder((to - from) * 3 / 2 + 4);
        int code = 0;
        int length = 0;
        for (int i = from; i < to; i++) {
            for (int bit = 7; bit >= 0; bit--) {
                code = code << 1 | bytes[i] >> bit & 1;
                length++;
                int nth = code - FIRST[length];
                if (nth < PLACE[length + 1] - PLACE[length]) {
                    int symbol = SYMBOLS[PLACE[length] + nth];
                    if (symbol == END_OF_STRING) {
                        throw Http2Exception.connection(ErrorCode.COMPRESSION_ERROR, "an end inside of a string");
                    }
                    text.append((char) symbol);
                    code = 0;
                    length = 0;
                }
            }
        }
        // What fills the last byte is the beginning of the end of a string: ones.
        if (length > 7 || code != (1 << length) - 1) {
            throw Http2Exception.connection(ErrorCode.COMPRESSION_ERROR, "a string with a bad end");
        }
        return text.toString();
    }
}
