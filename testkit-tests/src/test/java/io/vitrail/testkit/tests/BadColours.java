package io.vitrail.testkit.tests;

import io.vitrail.render.ColourMap;

/** Black to red, with one mistake each. */
public final class BadColours {
    private BadColours() {}

    /** Without a mistake. */
    public static class Sound implements ColourMap {
        @Override
        public String id() {
            return "embers";
        }

        @Override
        public boolean isSigned() {
            return false;
        }

        @Override
        public int rgb(double value) {
            return (int) Math.round(255 * Math.min(Math.max(value, 0), 1)) << 16;
        }
    }

    /** Takes the place of a built-in. */
    public static final class Usurper extends Sound {
        @Override
        public String id() {
            return "viridis";
        }
    }

    /** Has no colour beyond the end. */
    public static final class Overflow extends Sound {
        @Override
        public int rgb(double value) {
            return (int) Math.round(255 * value) << 16;
        }
    }

    /** Gives opacity as well. */
    public static final class Opaque extends Sound {
        @Override
        public int rgb(double value) {
            return super.rgb(value) | 0xff000000;
        }
    }

    /** Cannot bear a NaN. */
    public static final class Squeamish extends Sound {
        @Override
        public int rgb(double value) {
            if (Double.isNaN(value)) {
                throw new ArithmeticException("NaN");
            }
            return super.rgb(value);
        }
    }

    /** Says that it has two ends, and has one. */
    public static final class OneSided extends Sound {
        @Override
        public boolean isSigned() {
            return true;
        }
    }
}
