package dev.talosforge.config.hcl.functions;

/**
 * Powers in 64-bit floating point by repeated squaring of the mantissa, which rounds as the language's own program
 * does; the last digit of the JDK's result differs.
 */
final class FloatPower {
    private FloatPower() {}

    static double pow(double base, double exponent) {
        double size = Math.abs(exponent);
        if (exponent == 0 || base == 1) {
            return 1;
        }
        if (base == 0 || Double.isInfinite(base) || Double.isInfinite(exponent) || size >= 0x1p63) {
            return StrictMath.pow(base, exponent);
        }
        if (size == 0.5) {
            double root = Math.sqrt(base);
            return exponent < 0 ? 1 / root : root;
        }
        double whole = Math.floor(size);
        double rest = size - whole;
        if (rest != 0 && base < 0) {
            return Double.NaN;
        }
        return finite(base, exponent < 0, whole, rest);
    }

    private static double finite(double base, boolean inverted, double whole, double rest) {
        double result = 1;
        if (rest > 0.5) {
            rest--;
            whole++;
        }
        if (rest != 0) {
            result = StrictMath.exp(rest * StrictMath.log(base));
        }
        long scale = 0;
        int baseScale = Math.getExponent(base) + 1;
        long power = baseScale;
        double mantissa = Math.scalb(base, -baseScale);
        for (long bits = (long) whole; bits != 0; bits >>= 1) {
            if (Math.abs(power) > 1 << 12) {
                scale += power; // Beyond any double: the result is infinite or zero.
                break;
            }
            if ((bits & 1) == 1) {
                result *= mantissa;
                scale += power;
            }
            mantissa *= mantissa;
            power <<= 1;
            if (mantissa < 0.5) {
                mantissa += mantissa;
                power--;
            }
        }
        double signed = inverted ? 1 / result : result;
        return Math.scalb(signed, Math.clamp(inverted ? -scale : scale, -5000, 5000));
    }
}
