package io.vitrail.testkit.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import java.util.List;

/** {@code lead:A,B}, how far a class is ahead of another, with one mistake each. */
public final class BadTargets {
    private BadTargets() {}

    /** Without a mistake. */
    public static class Sound implements TargetForm {
        @Override
        public String head() {
            return "lead";
        }

        @Override
        public String form() {
            return "lead:A,B";
        }

        @Override
        public String sentence() {
            return "How far class A is ahead of class B.";
        }

        @Override
        public Target bind(Question question) {
            String[] classes = question.rest().split(",", -1);
            if (classes.length != 2) {
                throw new IllegalArgumentException("two classes, please");
            }
            return question.combined(
                    List.of("class:" + classes[0], "class:" + classes[1]),
                    scores -> scores.get(0).sub(scores.get(1)));
        }

        final Target with(Question question, Score score) {
            Target sound = bindSoundly(question);
            return new Target() {
                @Override
                public NDArray score(NDList values) {
                    return score.of(sound, values);
                }

                @Override
                public List<Source> sources() {
                    return sound.sources();
                }
            };
        }

        private Target bindSoundly(Question question) {
            return new Sound().bind(question);
        }
    }

    /** What a mistake makes of a sound target. */
    interface Score {
        NDArray of(Target sound, NDList values);
    }

    /** Takes the place of a built-in. */
    public static final class Usurper extends Sound {
        @Override
        public String head() {
            return "class";
        }

        @Override
        public String form() {
            return "class:A,B";
        }
    }

    /** Does not say how it is typed. */
    public static final class Vague extends Sound {
        @Override
        public String form() {
            return "A,B";
        }
    }

    /** Takes any words. */
    public static final class Credulous extends Sound {
        @Override
        public Target bind(Question question) {
            return super.bind(question.rest().contains(",") ? question : new Guess(question));
        }
    }

    /** The question that {@link Credulous} would rather have been asked. */
    private record Guess(TargetForm.Question asked) implements TargetForm.Question {
        @Override
        public String spelling() {
            return asked.spelling();
        }

        @Override
        public String rest() {
            return "0,1";
        }

        @Override
        public io.vitrail.api.Layers layers() {
            return asked.layers();
        }

        @Override
        public Source source() {
            return asked.source();
        }

        @Override
        public io.vitrail.api.graph.ArrayType type() {
            return asked.type();
        }

        @Override
        public List<String> labels() {
            return asked.labels();
        }

        @Override
        public Target combined(
                List<String> forms, java.util.function.Function<NDList, NDArray> formula) {
            return asked.combined(forms, formula);
        }
    }

    /** One score for all. */
    public static final class Summer extends Sound {
        @Override
        public Target bind(Question question) {
            return with(question, (sound, values) -> sound.score(values).sum());
        }
    }

    /** Less the mean of the batch. */
    public static final class Leveller extends Sound {
        @Override
        public Target bind(Question question) {
            return with(
                    question,
                    (sound, values) -> {
                        NDArray score = sound.score(values);
                        return score.sub(score.mean());
                    });
        }
    }

    /** Computes in Java, where no gradient flows. */
    public static final class Detached extends Sound {
        @Override
        public Target bind(Question question) {
            return with(
                    question,
                    (sound, values) -> {
                        NDArray score = sound.score(values);
                        float[] numbers = score.toFloatArray();
                        return score.mul(0).add(score.getManager().create(numbers));
                    });
        }
    }

    /** Reads the first output whatever the prefix. */
    public static final class Deaf extends Sound {
        @Override
        public Target bind(Question question) {
            Target sound = super.bind(question);
            return new Target() {
                @Override
                public NDArray score(NDList values) {
                    return sound.score(new NDList(values.head(), values.head()));
                }

                @Override
                public List<Source> sources() {
                    return List.of(new Source.Output(0));
                }
            };
        }
    }
}
