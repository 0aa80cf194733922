package io.vitrail.picture;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Read the words of a preprocessing SPEC. */
final class SpecParser {
    /** The longest side of a network's input. */
    static final int MAX_SIDE = 8192;

    static final String PRESETS =
            """
              torch   (x/255 - mean) / std of ImageNet: most PyTorch models
              tf      x/127.5 - 1: MobileNet, Inception and others of Keras
              caffe   BGR minus 103.939, 116.779, 123.68: VGG, ResNet of Keras
              unit    x/255; then mean=a:b:c, std=a:b:c in 0..1
              none    0..255; then mean=a:b:c, std=a:b:c in 0..255
            and, with commas between: size=224, size=WIDTHxHEIGHT, crop, letterbox, stretch, bicubic, grey""";

    private static final List<String> WORDS =
            List.of(
                    "torch",
                    "tf",
                    "caffe",
                    "unit",
                    "none",
                    "size=",
                    "crop",
                    "letterbox",
                    "stretch",
                    "bicubic",
                    "grey",
                    "mean=",
                    "std=");

    private final String spec;
    private @Nullable Scaling scaling;
    private @Nullable Fit fit;
    private boolean bicubic;
    private boolean grey;
    private int width;
    private int height;
    private List<Float> mean = List.of();
    private List<Float> std = List.of();

    SpecParser(String spec) {
        this.spec = spec;
    }

    Preprocessing parse() {
        for (String word : spec.split(",", -1)) {
            read(word.strip());
        }
        Scaling scale = scaling;
        if (scale == null) {
            throw wrong(spec, "no word says what the values become", "add one of\n" + PRESETS);
        }
        boolean statistics = !mean.isEmpty() || !std.isEmpty();
        if (statistics && !scale.takesStatistics()) {
            throw wrong(
                    spec,
                    "'" + scale.word + "' has its own mean and std",
                    "write unit (0..1) or none (0..255) with mean= and std=");
        }
        if (grey && scale.coloured()) {
            throw wrong(
                    spec,
                    "'" + scale.word + "' has a mean for each colour, 'grey' has none",
                    "write unit,grey with mean= and std=, or tf,grey");
        }
        if (grey && Math.max(mean.size(), std.size()) > 1) {
            throw wrong(spec, "'grey' has one channel", "give one number to mean= and std=");
        }
        return new Preprocessing(
                scale,
                fit == null ? Fit.STRETCH : fit,
                bicubic ? Resampling.BICUBIC : Resampling.BILINEAR,
                grey,
                width,
                height,
                mean,
                std);
    }

    private void read(String word) {
        int equals = word.indexOf('=');
        String key = equals < 0 ? word : word.substring(0, equals + 1);
        String value = word.substring(equals + 1);
        switch (key) {
            case "torch", "tf", "caffe", "unit", "none" -> {
                once(scaling == null, "two presets: '" + word + "' is the second");
                scaling = Scaling.of(word).orElseThrow();
            }
            case "crop", "letterbox", "stretch" -> {
                once(fit == null, "crop, letterbox, stretch: only one of them");
                fit = Fit.valueOf(word.toUpperCase(java.util.Locale.ROOT));
            }
            case "bicubic" -> {
                once(!bicubic, "'bicubic' twice");
                bicubic = true;
            }
            case "grey" -> {
                once(!grey, "'grey' twice");
                grey = true;
            }
            case "size=" -> {
                once(width == 0, "two sizes");
                size(value);
            }
            case "mean=" -> {
                once(mean.isEmpty(), "two means");
                mean = numbers(word, value);
            }
            case "std=" -> {
                once(std.isEmpty(), "two deviations");
                std = numbers(word, value);
                if (std.contains(0f)) {
                    throw wrong(spec, "'" + word + "' divides by zero", "leave std out, or use 1");
                }
            }
            default -> {
                List<String> near = NearestNames.of(word, WORDS);
                throw wrong(
                        spec,
                        "unknown word '" + word + "'",
                        (near.isEmpty() ? "" : "nearest: " + String.join(", ", near) + "\n       ")
                                + "there are\n"
                                + PRESETS);
            }
        }
    }

    private void once(boolean first, String otherwise) {
        if (!first) {
            throw wrong(spec, otherwise, "leave one");
        }
    }

    private void size(String value) {
        String[] sides = value.split("x", -1);
        try {
            width = Integer.parseInt(sides[0]);
            height = Integer.parseInt(sides[sides.length - 1]);
        } catch (NumberFormatException e) {
            width = 0;
        }
        if (sides.length > 2 || width < 1 || height < 1 || Math.max(width, height) > MAX_SIDE) {
            throw wrong(
                    spec,
                    "'size=" + value + "' is no size",
                    "write size=224 or size=WIDTHxHEIGHT, each 1 to " + MAX_SIDE);
        }
    }

    private List<Float> numbers(String word, String value) {
        List<Float> numbers = new ArrayList<>();
        for (String number : value.split(":", -1)) {
            try {
                numbers.add(Float.parseFloat(number));
            } catch (NumberFormatException e) {
                numbers.add(Float.NaN);
            }
        }
        boolean finite = numbers.stream().allMatch(n -> Float.isFinite(n));
        if (!finite || numbers.size() != 1 && numbers.size() != 3) {
            throw wrong(
                    spec,
                    "'" + word + "' is neither one number nor three",
                    "write " + word.substring(0, word.indexOf('=')) + "=0.485:0.456:0.406");
        }
        return List.copyOf(numbers);
    }

    static VitrailException wrong(String spec, String what, String remedy) {
        return VitrailException.usage("preprocess '" + spec + "': " + what + "\n  do:  " + remedy);
    }
}
