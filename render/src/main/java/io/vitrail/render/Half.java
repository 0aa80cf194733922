package io.vitrail.render;

/** IEEE 754 half precision, which Java 17 does not know. */
final class Half {
    private Half() {}

    static float toFloat(short half) {
        int exponent = half >> 10 & 31;
        int mantissa = half & 1023;
        float magnitude =
                switch (exponent) {
                    case 0 -> mantissa * 0x1p-24f;
                    case 31 -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> (1024 + mantissa) * (float) Math.scalb(1.0, exponent - 25);
                };
        return half < 0 ? -magnitude : magnitude;
    }

    /** Round to the nearest half, a tie to the even one. */
    static short of(float number) {
        int sign = Float.floatToRawIntBits(number) >>> 16 & 0x8000;
        if (Float.isNaN(number)) {
            return (short) (sign | 0x7e00);
        }
        double magnitude = Math.abs((double) number);
        if (magnitude >= 65520) {
            return (short) (sign | 0x7c00);
        }
        int exponent = Math.max(Math.getExponent(magnitude), -14);
        // a mantissa of 1024 steps; a carry into the exponent comes out right by itself
        int steps = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
        return (short) (sign | (exponent + 14 << 10) + steps);
    }
}
