package io.vitrail.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Draw scenes: two or three coloured, textured shapes on a cloudy, noisy ground.
 *
 * <p>A seed is a picture, bit for bit on every machine: integers, and floating-point operations
 * that Java defines exactly. Colour, texture, size, place and turn are drawn without regard to the
 * class, so that only the outline gives a shape away. Shapes neither touch nor leave the picture.
 */
public final class Scenes {
    /** Width and height of a scene in pixels. */
    public static final int SIDE = 96;

    /** Seeds from 0 up to this one are kept from training. */
    public static final long FIRST_TRAINING_SEED = 100_000;

    private static final double MIN_RADIUS = 14;
    private static final double MAX_RADIUS = 22;
    private static final double GAP = 4;
    private static final double GRAIN = 0.11;

    private Scenes() {}

    /** Draw the scene of a seed. */
    public static Scene scene(long seed) {
        SplitMix random = new SplitMix(seed);
        boolean light = random.unit() < 0.35;
        Backdrop backdrop = Backdrop.random(random, light);
        Canvas canvas = new Canvas(SIDE, backdrop);
        List<Item> items = new ArrayList<>();
        for (Spot spot : spots(random)) {
            Figure figure = unused(random, items);
            Pane pane = Pane.random(random, figure, spot, light);
            items.add(new Item(figure.ordinal(), canvas.draw(pane)));
        }
        items.sort(Comparator.comparingInt(Item::label));
        return new Scene(seed, canvas.bytes(random, GRAIN), items);
    }

    /** A circle for a shape to lie in. */
    record Spot(double x, double y, double radius) {}

    private static List<Spot> spots(SplitMix random) {
        int wanted = 2 + random.below(2);
        List<Spot> spots = new ArrayList<>();
        for (int attempt = 0; spots.size() < wanted; attempt++) {
            double radius = random.between(MIN_RADIUS, MAX_RADIUS);
            double margin = radius + 1;
            Spot spot =
                    new Spot(
                            random.between(margin, SIDE - margin),
                            random.between(margin, SIDE - margin),
                            radius);
            if (spots.stream().allMatch(other -> apart(spot, other))) {
                spots.add(spot);
            } else if (attempt % 50 == 49) {
                spots.clear(); // the first ones left no room
            }
        }
        return spots;
    }

    private static boolean apart(Spot a, Spot b) {
        double dx = a.x - b.x;
        double dy = a.y - b.y;
        return Math.sqrt(dx * dx + dy * dy) > a.radius + b.radius + GAP;
    }

    private static Figure unused(SplitMix random, List<Item> items) {
        while (true) {
            Figure figure = Figure.values()[random.below(Figure.values().length)];
            if (items.stream().noneMatch(item -> item.label() == figure.ordinal())) {
                return figure;
            }
        }
    }
}
