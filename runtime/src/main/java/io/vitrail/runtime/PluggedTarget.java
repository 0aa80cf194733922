package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import io.vitrail.api.VitrailException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * A target that a plugin's form made.
 *
 * @param form the form, to name it in errors
 * @param spelling as the caller typed it
 * @param model the model's name, for errors
 * @param source what it reads if it does not say
 * @param target what the form made
 */
record PluggedTarget(
        Pane.Whole<TargetForm> form, String spelling, String model, Source source, Target target)
        implements Target {

    /**
     * Let a form make the target.
     *
     * @throws VitrailException of kind {@code USAGE} if it does not understand what was typed; of
     *     kind {@code FAILURE} if it fails
     */
    static PluggedTarget of(Pane.Whole<TargetForm> form, PluggedQuestion question) {
        String model = question.layers().model();
        Target made;
        try {
            made = form.service().bind(question);
        } catch (VitrailException | CancellationException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    "target '"
                            + question.spelling()
                            + "': "
                            + e.getMessage()
                            + "\n  form:    "
                            + form.service().form(),
                    e);
        } catch (RuntimeException | LinkageError e) {
            throw failure(form, question.spelling(), model, e);
        }
        if (made == null) {
            Exception nothing = new IllegalStateException("it made no target");
            throw failure(form, question.spelling(), model, nothing);
        }
        return new PluggedTarget(form, question.spelling(), model, question.source(), made);
    }

    PluggedTarget with(Target changed) {
        return new PluggedTarget(form, spelling, model, source, changed);
    }

    @Override
    public List<Source> sources() {
        List<Source> said = guarded(target::sources);
        return said.isEmpty() ? List.of(source) : said;
    }

    @Override
    public NDArray score(NDList values) {
        return guarded(() -> target.score(values));
    }

    @Override
    public long[] classes(NDList values) {
        return guarded(() -> target.classes(values));
    }

    private <T> T guarded(Supplier<T> call) {
        try {
            return call.get();
        } catch (VitrailException | CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw failure(form, spelling, model, e);
        }
    }

    private static VitrailException failure(
            Pane.Whole<TargetForm> form, String spelling, String model, Throwable cause) {
        return new VitrailException(
                VitrailException.Kind.FAILURE,
                "target '"
                        + spelling
                        + "' failed on "
                        + model
                        + ": "
                        + cause
                        + "\n  of:      "
                        + form.provider()
                        + (form.origin().isEmpty() ? "" : " of " + form.origin()),
                cause);
    }
}
