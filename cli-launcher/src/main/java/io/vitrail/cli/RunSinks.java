package io.vitrail.cli;

import io.vitrail.render.ZarrStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is made of a run as a whole, beside the files of each input: a store, a summary. */
final class RunSinks implements AutoCloseable {
    private final List<ItemSink> all = new ArrayList<>();
    private final Path summary;
    private final String title;
    private @Nullable ZarrStore maps;

    private RunSinks(Asked asked) {
        summary = asked.folder().resolve(Summary.FOLDER);
        title = String.valueOf(asked.model().getFileName());
    }

    /**
     * Open those that are asked for.
     *
     * @throws io.vitrail.api.VitrailException if one is damaged, or cannot be written
     */
    static RunSinks of(Asked asked, RunRecord record) {
        RunSinks sinks = new RunSinks(asked);
        Map<String, String> about =
                Map.of(
                        "vitrail", Version.number(),
                        "model", String.valueOf(asked.model().getFileName()),
                        "sha256", record.digest(),
                        "methods", String.join(",", asked.methods()),
                        "call", record.call(asked.targets()));
        boolean resume = asked.many().resume();
        try {
            if (asked.save().contains("zarr")) {
                Path folder = asked.folder().resolve(StoreSink.FOLDER);
                sinks.all.add(StoreSink.of(folder, resume, about, ItemArrays::of));
            }
            if (asked.many().summary()) {
                Path folder = sinks.summary.resolve(Summary.MAPS);
                StoreSink small = StoreSink.of(folder, resume, about, SmallMaps::of);
                sinks.all.add(small);
                sinks.maps = small.store();
            }
            return sinks;
        } catch (RuntimeException e) {
            sinks.close();
            throw e;
        }
    }

    /** Return where finished inputs pass by. */
    List<ItemSink> all() {
        return all;
    }

    /** Write the summary, if it is asked for, of all that is said of inputs. */
    void summarise(RunRecord.Said said) {
        if (maps != null) {
            new Summary(summary, maps, title)
                    .write(said.inputs(), said.journal()::done, said.journal()::failed);
        }
    }

    @Override
    public void close() {
        all.forEach(ItemSink::close);
    }
}
