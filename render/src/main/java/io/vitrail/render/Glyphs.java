package io.vitrail.render;

import java.awt.geom.Path2D;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;

/**
 * Letters as pen strokes, for machines without fonts.
 *
 * <p>Each line: the character, its width, then pen movements. The baseline is at 0, small letters
 * are 5 high, capitals 7. {@code m x y} lifts the pen and puts it there, {@code l} draws a line,
 * {@code q cx cy x y} a quadratic curve, {@code a x y} a quarter ellipse that starts horizontally,
 * {@code b x y} one that starts vertically.
 */
final class Glyphs {
    private static final double KAPPA = 0.5522847498; // a cubic curve's nearest to a quarter circle

    private static final String STROKES =
            """
            A 5.2 m 0 0 l 2.6 7 l 5.2 0 m .9 2.3 l 4.3 2.3
            B 4.4 m 0 3.7 l 2.4 3.7 a 4.4 1.85 b 2.4 0 l 0 0 l 0 7 l 2.4 7 a 4.1 5.35 b 2.4 3.7
            C 4.9 m 4.9 5.5 q 4.2 7 2.7 7 a 0 3.5 b 2.7 0 q 4.2 0 4.9 1.5
            D 4.8 m 0 0 l 0 7 l 1.8 7 a 4.8 3.5 b 1.8 0 l 0 0
            E 4 m 4 7 l 0 7 l 0 0 l 4 0 m 0 3.7 l 3.4 3.7
            F 3.9 m 3.9 7 l 0 7 l 0 0 m 0 3.6 l 3.3 3.6
            G 5.1 m 4.8 5.6 q 4.1 7 2.7 7 a 0 3.5 b 2.7 0 a 5.1 2.4 l 5.1 3.3 l 3 3.3
            H 4.8 m 0 0 l 0 7 m 4.8 0 l 4.8 7 m 0 3.6 l 4.8 3.6
            I 0 m 0 0 l 0 7
            J 3.2 m 3.2 7 l 3.2 1.8 b 1.6 0 a 0 1.5
            K 4.6 m 0 0 l 0 7 m 4.4 7 l 0 2.7 m 1.5 4.1 l 4.6 0
            L 3.9 m 0 7 l 0 0 l 3.9 0
            M 5.8 m 0 0 l 0 7 l 2.9 2.4 l 5.8 7 l 5.8 0
            N 4.9 m 0 0 l 0 7 l 4.9 0 l 4.9 7
            O 5.4 m 2.7 7 a 0 3.5 b 2.7 0 a 5.4 3.5 b 2.7 7
            P 4.3 m 0 0 l 0 7 l 2.3 7 a 4.3 5.1 b 2.3 3.2 l 0 3.2
            Q 5.4 m 2.7 7 a 0 3.5 b 2.7 0 a 5.4 3.5 b 2.7 7 m 3.4 1.6 l 5.4 -.6
            R 4.5 m 0 0 l 0 7 l 2.3 7 a 4.3 5.1 b 2.3 3.2 l 0 3.2 m 2.3 3.2 l 4.5 0
            S 4.4 m 4.1 5.7 q 3.6 7 2.2 7 a .2 5.3 q .2 3.9 2.2 3.6 q 4.4 3.2 4.4 1.8 b 2.2 0 q .5 0 0 1.4
            T 4.8 m 0 7 l 4.8 7 m 2.4 7 l 2.4 0
            U 4.8 m 0 7 l 0 2.4 b 2.4 0 a 4.8 2.4 l 4.8 7
            V 5 m 0 7 l 2.5 0 l 5 7
            W 7 m 0 7 l 1.75 0 l 3.5 6.4 l 5.25 0 l 7 7
            X 4.8 m 0 7 l 4.8 0 m 4.8 7 l 0 0
            Y 4.8 m 0 7 l 2.4 3.4 l 4.8 7 m 2.4 3.4 l 2.4 0
            Z 4.5 m .1 7 l 4.5 7 l 0 0 l 4.5 0
            a 3.7 m .4 4.2 q .8 5 2 5 a 3.7 3.4 l 3.7 0 m 3.7 2.9 l 1.7 2.9 a 0 1.45 b 1.6 0 q 2.9 0 3.7 1.2
            b 4 m 0 7.3 l 0 0 m 0 3 b 2 5 a 4 2.5 b 2 0 a 0 2
            c 3.6 m 3.6 4 q 3 5 2 5 a 0 2.5 b 2 0 q 3 0 3.6 1
            d 4 m 4 7.3 l 4 0 m 4 3 b 2 5 a 0 2.5 b 2 0 a 4 2
            e 4 m 0 2.6 l 4 2.6 b 2 5 a 0 2.5 b 2 0 q 3.2 0 3.8 .9
            f 2.7 m 2.9 7.2 q 1.1 7.6 1.1 5.6 l 1.1 0 m 0 4.9 l 2.6 4.9
            g 4 m 4 5 l 4 -.3 b 2 -2.2 q .8 -2.2 .3 -1.4 m 4 3 b 2 5 a 0 2.5 b 2 0 a 4 2
            h 3.8 m 0 7.3 l 0 0 m 0 3.1 b 2 5 a 3.8 3.2 l 3.8 0
            i 0 m 0 5 l 0 0 m 0 6.9 l 0 7
            j 1.2 m 1.2 5 l 1.2 -.8 q 1.2 -2.2 0 -2.1 m 1.2 6.9 l 1.2 7
            k 3.7 m 0 7.3 l 0 0 m 3.5 5 l 0 1.9 m 1.2 2.9 l 3.7 0
            l 1 m 0 7.3 l 0 1 q 0 0 1.1 0
            m 6.4 m 0 5 l 0 0 m 0 3.2 b 1.7 5 a 3.2 3.4 l 3.2 0 m 3.2 3.2 b 4.9 5 a 6.4 3.4 l 6.4 0
            n 3.8 m 0 5 l 0 0 m 0 3.1 b 2 5 a 3.8 3.2 l 3.8 0
            o 4.2 m 2.1 5 a 0 2.5 b 2.1 0 a 4.2 2.5 b 2.1 5
            p 4 m 0 5 l 0 -2.2 m 0 3 b 2 5 a 4 2.5 b 2 0 a 0 2
            q 4 m 4 5 l 4 -2.2 m 4 3 b 2 5 a 0 2.5 b 2 0 a 4 2
            r 2.4 m 0 5 l 0 0 m 0 2.9 q .2 5 2.4 4.9
            s 3.4 m 3.2 4.2 q 2.8 5 1.7 5 a .2 3.8 q .2 2.8 1.7 2.6 q 3.4 2.3 3.4 1.3 b 1.7 0 q .5 0 0 .9
            t 2.7 m 1.1 6.6 l 1.1 1.3 q 1.1 -.2 2.7 .1 m 0 4.9 l 2.5 4.9
            u 3.8 m 0 5 l 0 1.8 b 1.8 0 a 3.8 1.9 m 3.8 5 l 3.8 0
            v 3.9 m 0 5 l 1.95 0 l 3.9 5
            w 5.8 m 0 5 l 1.45 0 l 2.9 4.6 l 4.35 0 l 5.8 5
            x 3.7 m 0 5 l 3.7 0 m 3.7 5 l 0 0
            y 3.9 m 0 5 l 1.95 .1 m 3.9 5 l 1.5 -1.2 q 1.1 -2.2 .1 -2.2
            z 3.5 m .1 5 l 3.4 5 l 0 0 l 3.5 0
            0 4.2 m 2.1 7 a 0 3.5 b 2.1 0 a 4.2 3.5 b 2.1 7
            1 4.2 m .7 5.6 l 2.4 7 l 2.4 0
            2 4.2 m .2 5.3 q .4 7 2.1 7 a 4 5.2 q 4 4.1 2.6 2.7 l .1 0 l 4.2 0
            3 4.2 m .3 5.9 q .9 7 2.1 7 a 3.9 5.3 b 2.1 3.7 l 1.5 3.7 m 2.1 3.7 a 4.2 1.9 b 2.1 0 q .6 0 .1 1.3
            4 4.2 m 3.2 0 l 3.2 7 l 0 2 l 4.3 2
            5 4.2 m 3.8 7 l .7 7 l .4 3.8 q 1.1 4.4 2.1 4.4 a 4.2 2.2 b 2.1 0 q .7 0 .1 1.1
            6 4.2 m 3.6 6.2 q 3.1 7 2.2 7 a 0 3 b 2.1 0 a 4.2 2.1 b 2.1 4.2 a 0 2.3
            7 4.2 m .1 7 l 4.2 7 l 1.5 0
            8 4.2 m 2.1 3.8 a .3 5.4 b 2.1 7 a 3.9 5.4 b 2.1 3.8 a 0 1.9 b 2.1 0 a 4.2 1.9 b 2.1 3.8
            9 4.2 m .6 .8 q 1.1 0 2 0 a 4.2 4 b 2.1 7 a 0 4.9 b 2.1 2.8 a 4.2 4.7
            . 0 m 0 .1 l 0 .2
            , .4 m .4 .2 l 0 -1.2
            : 0 m 0 .2 l 0 .3 m 0 4.1 l 0 4.2
            ; .4 m .4 .2 l 0 -1.2 m .4 4.1 l .4 4.2
            ! 0 m 0 7 l 0 2.2 m 0 .1 l 0 .2
            ? 3.4 m 0 5.6 q .3 7 1.8 7 a 3.4 5.4 q 3.4 4.3 2.3 3.6 q 1.7 3.2 1.7 2.2 m 1.7 .1 l 1.7 .2
            " 1.4 m 0 7 l 0 5 m 1.4 7 l 1.4 5
            ' 0 m 0 7 l 0 5
            # 4.6 m 1.4 6.8 l .7 .2 m 3.9 6.8 l 3.2 .2 m .2 4.8 l 4.6 4.8 m 0 2.3 l 4.4 2.3
            $ 4.2 m 3.9 5.2 q 3.5 6.4 2.1 6.4 a .2 5 q .2 3.8 2.1 3.5 q 4.2 3.1 4.2 1.9 b 2.1 .6 q .5 .6 0 1.8 m 2.1 7.4 l 2.1 -.4
            % 6.4 m 1.4 7 a 0 5.4 b 1.4 3.8 a 2.8 5.4 b 1.4 7 m 5 3.2 a 3.6 1.6 b 5 0 a 6.4 1.6 b 5 3.2 m 5 7 l 1.4 0
            & 5.2 m 5.2 0 l 1.2 4.6 q .6 5.4 .8 6 q 1.2 7 2.2 7 q 3.7 6.9 3.5 5.5 q 3.4 4.6 1.6 3.8 q 0 3 0 1.8 b 1.9 0 q 4.2 0 4.8 3
            ( 1.6 m 1.6 7.6 q 0 5.6 0 2.9 q 0 .2 1.6 -1.6
            ) 1.6 m 0 7.6 q 1.6 5.6 1.6 2.9 q 1.6 .2 0 -1.6
            * 2.6 m 1.3 7 l 1.3 4 m 0 6.2 l 2.6 4.8 m 2.6 6.2 l 0 4.8
            + 4 m 2 5.2 l 2 1.2 m 0 3.2 l 4 3.2
            - 2.5 m 0 2.7 l 2.5 2.7
            / 3 m 3 7.6 l 0 -.8
            < 3.8 m 3.8 5.4 l 0 3.2 l 3.8 1
            = 4 m 0 4.2 l 4 4.2 m 0 2.2 l 4 2.2
            > 3.8 m 0 5.4 l 3.8 3.2 l 0 1
            @ 7 m 5 4.4 q 4.6 4.9 3.7 4.9 a 2.2 3.1 b 3.6 1.4 q 4.8 1.4 5 3 m 5 4.9 l 5 3 q 5 1.4 6 1.5 q 7 1.7 7 3.4 b 3.6 7 a 0 3.2 b 3.6 -.7 q 4.8 -.7 5.8 -.1
            [ 1.5 m 1.5 7.6 l 0 7.6 l 0 -1.4 l 1.5 -1.4
            \\ 3 m 0 7.6 l 3 -.8
            ] 1.5 m 0 7.6 l 1.5 7.6 l 1.5 -1.4 l 0 -1.4
            ^ 3.4 m 0 4.4 l 1.7 7 l 3.4 4.4
            _ 4.4 m 0 -1 l 4.4 -1
            ` 1.1 m 0 7.2 l 1.1 5.8
            { 2 m 2 7.6 q .8 7.6 .8 6.2 l .8 4.4 q .8 3 0 3 q .8 3 .8 1.6 l .8 -.2 q .8 -1.6 2 -1.6
            | 0 m 0 7.6 l 0 -1.6
            } 2 m 0 7.6 q 1.2 7.6 1.2 6.2 l 1.2 4.4 q 1.2 3 2 3 q 1.2 3 1.2 1.6 l 1.2 -.2 q 1.2 -1.6 0 -1.6
            ~ 4.2 m 0 2.8 q .9 4.4 2.1 3.3 q 3.3 2.2 4.2 3.8
            \u00b7 0 m 0 3 l 0 3.1
            \u00d7 3.2 m 0 4.7 l 3.2 1.5 m 3.2 4.7 l 0 1.5
            \u00df 3.8 m 0 0 l 0 5.6 b 1.8 7.3 a 3.5 5.8 q 3.4 4.7 2.2 4.1 q 3.8 3.6 3.8 1.9 q 3.7 -.1 1.4 0
            \u2013 4 m 0 2.7 l 4 2.7
            \u2026 4.6 m .3 .1 l .3 .2 m 2.3 .1 l 2.3 .2 m 4.3 .1 l 4.3 .2
            \ufffd 4 m 0 0 l 4 0 l 4 7 l 0 7 l 0 0
            """;

    /** A character's strokes, to be drawn with a round pen. */
    record Glyph(Path2D.Double path, double width) {}

    private final Map<Integer, Glyph> glyphs = new HashMap<>();

    Glyphs() {
        STROKES.lines().forEach(line -> glyphs.put(line.codePointAt(0), parse(line.substring(2))));
    }

    /** Return a character's strokes; a box for one that is not known. */
    Glyph of(int character) {
        Glyph glyph = glyphs.get(character);
        return glyph == null ? glyphs.get(0xfffd) : glyph;
    }

    boolean knows(int character) {
        return glyphs.containsKey(character);
    }

    private static Glyph parse(String line) {
        Path2D.Double path = new Path2D.Double();
        try (Scanner words = new Scanner(line).useLocale(Locale.ROOT)) {
            double width = Double.parseDouble(words.next());
            double x = 0;
            double y = 0;
            while (words.hasNext()) {
                char command = words.next().charAt(0);
                double a = Double.parseDouble(words.next());
                double b = Double.parseDouble(words.next());
                double toX = command == 'q' ? Double.parseDouble(words.next()) : a;
                double toY = command == 'q' ? Double.parseDouble(words.next()) : b;
                double bendX = (toX - x) * KAPPA;
                double bendY = (toY - y) * KAPPA;
                switch (command) {
                    case 'm' -> path.moveTo(toX, toY);
                    case 'l' -> path.lineTo(toX, toY);
                    case 'q' -> path.quadTo(a, b, toX, toY);
                    case 'a' -> path.curveTo(x + bendX, y, toX, toY - bendY, toX, toY);
                    case 'b' -> path.curveTo(x, y + bendY, toX - bendX, toY, toX, toY);
                    default -> throw new IllegalStateException(line);
                }
                x = toX;
                y = toY;
            }
            return new Glyph(path, width);
        }
    }
}
