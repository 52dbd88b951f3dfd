package dev.turntable.config.compat;

import java.math.BigDecimal;

/** Writes floating numbers the three ways llama-swap does: in macro and field text, in JSON, and in request parameters (llama-swap §13.10). */
public final class Numbers {
    private Numbers() {}

    /** Shortest text that reads back the same, with an exponent below -4 and from 6 on: macro text and text fields. */
    public static String text(double number) {
        if (Double.isNaN(number)) {
            return ".nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? ".inf" : "-.inf";
        }
        return general(number, -4, 6);
    }

    /** The same in JSON, where exponents begin below -6 and from 21 on. */
    public static String json(double number) {
        return general(number, -6, 21).replace("e-0", "e-");
    }

    /** Without any exponent. */
    public static String plain(double number) {
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        String plain = new BigDecimal(Double.toString(number)).toPlainString();
        return plain.contains(".") ? plain.replaceFirst("\\.?0+$", "") : plain;
    }

    private static String general(double number, int lowest, int limit) {
        if (number == 0) {
            return plain(number);
        }
        BigDecimal exact = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= lowest && exponent < limit) {
            return plain(number);
        }
        String digits = exact.unscaledValue().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        int size = Math.abs(exponent);
        return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+")
                + (size < 10 ? "0" : "") + size;
    }
}
