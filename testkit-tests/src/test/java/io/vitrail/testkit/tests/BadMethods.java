package io.vitrail.testkit.tests;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Attribution;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

/** Input times gradient, with one mistake each. */
public final class BadMethods {
    private BadMethods() {}

    /** Without a mistake. */
    public static class Sound implements OnePassMethod {
        @Override
        public String id() {
            return "sound";
        }

        @Override
        public String sentence() {
            return "How much each element adds to the score.";
        }

        @Override
        public Place place() {
            return Place.INPUT_OR_LAYERS;
        }

        @Override
        public Probe probe(Request request) {
            return Probe.atInput();
        }

        NDArray map(Pass pass, Request request) {
            return pass.inputs().head().mul(pass.gradient(request.target()));
        }

        @Override
        public Attribution attribute(Pass pass, Request request) {
            return request.attribution(map(pass, request));
        }
    }

    /** An id that no command line would take. */
    public static final class Shouting extends Sound {
        @Override
        public String id() {
            return "Input X Gradient";
        }
    }

    /** No jar lists it. */
    public static final class Unlisted extends Sound {}

    /** An option whose default cannot be typed. */
    public static final class Mute extends Sound {
        @Override
        public List<Option<?>> options() {
            return List.of(
                    new Option<>(
                            "power", 1, "1..9", "Sharpens.", text -> Integer.parseInt(text, 2)),
                    new Option<>(
                            "base", 7, "1..9", "Flattens.", text -> Integer.parseInt(text, 7)));
        }
    }

    /** The sum of the batch for every item. */
    public static final class BatchMixer extends Sound {
        @Override
        NDArray map(Pass pass, Request request) {
            NDArray map = super.map(pass, request);
            return map.zerosLike().add(map.sum(new int[] {0}, true));
        }
    }

    /** A map without its last axis. */
    public static final class Shrinker extends Sound {
        @Override
        NDArray map(Pass pass, Request request) {
            return super.map(pass, request).sum(new int[] {3});
        }
    }

    /** The first row is weighted by the number of channels, which it takes from axis 1. */
    public static final class ChannelCounter extends Sound {
        @Override
        NDArray map(Pass pass, Request request) {
            NDArray map = super.map(pass, request);
            return map.mul(map.getShape().get(1));
        }
    }

    /** Works in float whatever it is given. */
    public static final class FloatsOnly extends Sound {
        @Override
        NDArray map(Pass pass, Request request) {
            NDArray map = super.map(pass, request);
            float[] numbers = new float[(int) map.size()];
            float[] got = map.toFloatArray();
            System.arraycopy(got, 0, numbers, 0, got.length);
            return map.getManager().create(numbers, map.getShape());
        }
    }

    /** Cannot bear a NaN. */
    public static final class Squeamish extends Sound {
        @Override
        NDArray map(Pass pass, Request request) {
            NDArray map = super.map(pass, request);
            if (map.isNaN().any().getBoolean()) {
                throw new ArithmeticException("NaN");
            }
            return map;
        }
    }

    /** Writes over what it was lent. */
    public static final class Scribbler extends Sound {
        @Override
        NDArray map(Pass pass, Request request) {
            return pass.inputs().head().muli(pass.gradient(request.target()).add(2));
        }
    }

    /** Closes what is not its own. */
    public static final class Closer extends Sound {
        @Override
        public Attribution attribute(Pass pass, Request request) {
            Attribution found = super.attribute(pass, request);
            pass.close();
            return found;
        }
    }

    /** Draws random numbers of its own. */
    public static final class Gambler extends Sound {
        private static final Random RANDOM = new Random();

        @Override
        NDArray map(Pass pass, Request request) {
            return super.map(pass, request).mul(1 + RANDOM.nextFloat());
        }
    }

    /** Says that it uses no target. */
    public static final class Liar extends Sound {
        @Override
        public boolean usesTarget() {
            return false;
        }
    }

    /** The gradient by a session. */
    private abstract static class Many implements ManyPassMethod {
        @Override
        public String id() {
            return "many";
        }

        @Override
        public String sentence() {
            return "The gradient.";
        }

        @Override
        public Place place() {
            return Place.INPUT_OR_LAYERS;
        }

        static Attribution gradient(Session session, Request request) {
            Attribution[] found = {request.attribution(session.inputs())};
            session.run(
                    Probe.atInput(),
                    session.inputs(),
                    pass ->
                            found[0] =
                                    request.attribution(
                                            pass.gradients(request.target(), Probe.PLAIN)));
            return found[0];
        }
    }

    /** Leaves an array with the inputs. */
    public static final class Litterer extends Many {
        @Override
        public Attribution attribute(Session session, Request request) {
            session.inputs().head().add(1);
            return gradient(session, request);
        }
    }

    /** Writes over the inputs. */
    public static final class Vandal extends Many {
        @Override
        public Attribution attribute(Session session, Request request) {
            session.inputs().head().muli(2);
            Attribution found = gradient(session, request);
            session.inputs().head().addi(1);
            return found;
        }
    }

    /** Goes on when the caller gave up. */
    public static final class Stubborn extends Many {
        @Override
        public Attribution attribute(Session session, Request request) {
            Attribution last = request.attribution(session.inputs());
            for (int i = 0; i < 3; i++) {
                try {
                    last = gradient(session, request);
                } catch (CancellationException e) {
                    continue;
                }
            }
            return last;
        }
    }

    /** Counts beyond the end. */
    public static final class Optimist extends Many {
        @Override
        public Attribution attribute(Session session, Request request) {
            session.progress(3, 2);
            return gradient(session, request);
        }
    }
}
