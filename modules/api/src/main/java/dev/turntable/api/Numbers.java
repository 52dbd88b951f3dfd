package dev.turntable.api;

import java.math.BigDecimal;

/** Numbers as text that clients compare byte for byte. */
final class Numbers {
    private Numbers() {}

    /** Shortest form that reads back the same, with an exponent below 1e-4 and from 1e6 on (llama-swap §13.10). */
    static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - decimal.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 6) {
            return decimal.toPlainString();
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String number = Integer.toString(Math.abs(exponent));
        return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (number.length() < 2 ? "0" : "")
                + number;
    }
}
