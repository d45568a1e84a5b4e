package dev.talosforge.config.hcl.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers as texts, as Go writes them. */
public final class NumberText {
    private NumberText() {}

    public static String exponential(BigDecimal size, int precision) {
        if (size.signum() == 0) {
            return (precision == 0 ? "0" : "0." + "0".repeat(precision)) + "e+00";
        }
        BigDecimal rounded = size.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        String digits = rounded.unscaledValue().toString();
        String padded = digits + "0".repeat(Math.max(0, precision + 1 - digits.length()));
        String mantissa =
                precision == 0 ? padded.substring(0, 1) : padded.charAt(0) + "." + padded.substring(1, precision + 1);
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /**
     * The fewest digits that identify the number; with an exponent below 1e-4 and, without a precision, from 1e6 on.
     */
    public static String shortest(BigDecimal size, @Nullable Integer precision) {
        if (size.signum() == 0) {
            return "0";
        }
        BigDecimal rounded =
                precision == null ? size : size.round(new MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN));
        BigDecimal shown = rounded.stripTrailingZeros();
        int exponent = shown.precision() - shown.scale() - 1;
        if (exponent < -4 || exponent >= (precision == null ? 6 : Math.max(1, precision))) {
            return exponential(shown, shown.precision() - 1);
        }
        return shown.toPlainString();
    }

    /** With at most ten digits. */
    static String shortened(BigDecimal number) {
        return (number.signum() < 0 ? "-" : "") + shortest(number.abs(), 10);
    }
}
