package io.vitrail.cli;

import com.google.gson.JsonParser;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Picture;
import io.vitrail.render.ClassMeans;
import io.vitrail.render.ContactSheet;
import io.vitrail.render.NpyArray;
import io.vitrail.render.ScoreTable;
import io.vitrail.render.ZarrStore;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Say what came of a whole run, of what its record and its small maps hold: a table of scores, the
 * mean map of each class, and a sheet of the first pictures of each.
 *
 * <p>One input is in memory at a time, however many there are.
 */
final class Summary {
    /** Its folder, in the folder of results. */
    static final String FOLDER = "summary";

    /** The table in it, which is written first. */
    static final String SCORES = "scores.csv";

    /** The store of small maps, in the summary's folder. */
    static final String MAPS = "maps.zarr";

    private static final int MEANS = 2000; // 32 KiB each at most
    private static final Axes ROWS = new Axes(List.of(1, 2), -1);

    private final Path folder;
    private final ZarrStore maps;
    private final String title;
    private final Map<String, ClassMeans> means = new LinkedHashMap<>();
    private final ContactSheet sheet = new ContactSheet();
    private String shown = "";
    private long items;
    private long failures;

    /**
     * @param folder the summary's own
     * @param maps the small maps of all inputs
     * @param title what was explained
     */
    Summary(Path folder, ZarrStore maps, String title) {
        this.folder = folder;
        this.maps = maps;
        this.title = title;
    }

    /**
     * Write all files of the summary.
     *
     * @param done returns what the record says of an input that is done
     * @param failed returns what it says of one that failed
     * @throws io.vitrail.render.UnwrittenException if one cannot be written
     */
    void write(
            Iterable<Path> inputs,
            Function<Path, Optional<String>> done,
            Function<Path, Optional<String>> failed) {
        Iterator<Path> paths = inputs.iterator();
        ScoreTable.write(
                folder.resolve(SCORES),
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return paths.hasNext();
                    }

                    @Override
                    public String next() {
                        Path input = paths.next();
                        return done.apply(input)
                                .map(line -> lines(input, Entry.parse(line)))
                                .or(() -> failed.apply(input).map(line -> failure(input, line)))
                                .orElse("");
                    }
                });
        new MeanMaps(folder, means, title).write();
        Path file = folder.resolve("contact-sheet.png");
        if (!shown.isEmpty()) {
            sheet.sheet(title)
                    .subtitle(
                            shown
                                    + " of "
                                    + items
                                    + (items == 1 ? " item" : " items")
                                    + (failures == 0 ? "" : ", " + failures + " inputs failed"))
                    .save(file);
        } else {
            MeanMaps.remove(file); // that of another run
        }
    }

    private String failure(Path input, String line) {
        failures++;
        String why = JsonParser.parseString(line).getAsJsonObject().get("error").getAsString();
        String first =
                why.lines().findFirst().orElse(""); // what is to be done stands in the record
        return ScoreTable.Row.failed(input.toString(), first).line();
    }

    private String lines(Path input, Entry entry) {
        if (means.isEmpty()) {
            prepare(entry);
        }
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < entry.items(); n++) {
            items++;
            String name = ItemArrays.name(input, n, entry.items());
            addMaps(name, entry, n);
            show(input, entry, n);
            for (ScoreTable.Row row : rows(name, entry, n)) {
                lines.append(row.line());
            }
        }
        return lines.toString();
    }

    /** All keys share the memory: what one item has, all have. */
    private void prepare(Entry entry) {
        int keys = Math.max(entry.results().size(), 1);
        for (Entry.Result result : entry.results()) {
            means.put(key(entry, result), new ClassMeans(ClassMeans.SIDE, mostClasses(keys)));
        }
    }

    private static int mostClasses(int keys) {
        return Math.max(MEANS / keys, 1);
    }

    private static String key(Entry entry, Entry.Result result) {
        String target = entry.targets().size() > 1 ? result.target() : "";
        return SmallMaps.key(result.method(), result.place(), target);
    }

    private void addMaps(String name, Entry entry, int n) {
        int row = maps.row(name);
        for (Entry.Result result : entry.results()) {
            ClassMeans mean = means.get(key(entry, result));
            Optional<NpyArray> map = maps.read(key(entry, result), row);
            if (mean != null && map.isPresent()) {
                mean.add(group(entry, result.target(), n), map.get().withAxes(ROWS).values());
            }
        }
    }

    private static String group(Entry entry, String target, int n) {
        return entry.targets().stream()
                .filter(aim -> aim.target().equals(target))
                .findFirst()
                .map(aim -> aim.group(n))
                .orElse("all");
    }

    /** Show the first picture of an item. */
    private void show(Path input, Entry entry, int n) {
        for (Entry.Result result : entry.results()) {
            if (n < result.files().size()) {
                String group = group(entry, result.target(), n);
                if (sheet.count(group)) {
                    String caption = caption(input, entry, result, n);
                    if (show(group, Path.of(result.files().get(n)), caption)) {
                        shown = result.method();
                    }
                }
                return;
            }
        }
    }

    private boolean show(String group, Path file, String caption) {
        try {
            sheet.show(group, Picture.read(file), caption);
            return true;
        } catch (VitrailException e) {
            return false; // taken away since: the next one of its class is shown
        }
    }

    private static String caption(Path input, Entry entry, Entry.Result result, int n) {
        String name = String.valueOf(input.getFileName());
        return entry.targets().stream()
                .filter(aim -> aim.target().equals(result.target()) && n < aim.scores().size())
                .findFirst()
                .map(aim -> String.format(Locale.ROOT, "%.3g  %s", aim.scores().get(n), name))
                .orElse(name);
    }

    private static List<ScoreTable.Row> rows(String name, Entry entry, int n) {
        if (entry.targets().isEmpty()) {
            return List.of(
                    new ScoreTable.Row(
                            name, "", "", "", Double.NaN, entry.seconds(), isEmpty(entry, ""), ""));
        }
        return entry.targets().stream()
                .map(
                        aim ->
                                new ScoreTable.Row(
                                        name,
                                        aim.target(),
                                        n < aim.classes().size()
                                                ? aim.classes().get(n).toString()
                                                : "",
                                        n < aim.labels().size() ? aim.labels().get(n) : "",
                                        n < aim.scores().size() ? aim.scores().get(n) : Double.NaN,
                                        entry.seconds(),
                                        isEmpty(entry, aim.target()),
                                        ""))
                .toList();
    }

    private static boolean isEmpty(Entry entry, String target) {
        return entry.results().stream()
                .anyMatch(result -> result.empty() && result.target().equals(target));
    }
}
