package io.vitrail.spark;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Scored;
import io.vitrail.runtime.Warning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Make rows of results: one for each map, or one for an item that failed. */
final class ResultRows {
    static final StructType SCHEMA =
            new StructType()
                    .add("path", DataTypes.StringType)
                    .add("failure", DataTypes.StringType)
                    .add("method", DataTypes.StringType)
                    .add("target", DataTypes.StringType)
                    .add("class", DataTypes.LongType)
                    .add("label", DataTypes.StringType)
                    .add("score", DataTypes.DoubleType)
                    .add("layer", DataTypes.StringType)
                    .add("input", DataTypes.StringType)
                    .add("shape", DataTypes.createArrayType(DataTypes.LongType, false))
                    .add("map", DataTypes.createArrayType(DataTypes.FloatType, false))
                    .add("empty", DataTypes.BooleanType)
                    .add("warning", DataTypes.StringType)
                    .add("seconds", DataTypes.DoubleType);

    private ResultRows() {}

    /** Return the row of an item that could not be read or explained. */
    static Row failed(@Nullable String path, RuntimeException problem) {
        @Nullable Object[] cells = new Object[SCHEMA.size()];
        cells[SCHEMA.fieldIndex("path")] = path;
        cells[SCHEMA.fieldIndex("failure")] =
                problem.getMessage() == null ? problem.toString() : problem.getMessage();
        return row(cells);
    }

    /**
     * Return a row for each map of an item.
     *
     * @param seconds what the item took
     */
    static List<Row> of(@Nullable String path, Explained one, double seconds) {
        List<Row> rows = new ArrayList<>();
        for (Attribution found : one.attributions().values()) {
            for (Map.Entry<Attribution.Part, Values> part : found.parts().entrySet()) {
                rows.add(row(path, one, found.method(), part.getKey(), part.getValue(), seconds));
            }
        }
        return rows;
    }

    private static Row row(
            @Nullable String path,
            Explained one,
            String method,
            Attribution.Part part,
            Values map,
            double seconds) {
        Optional<Scored> scored =
                one.scored().stream().filter(its -> its.target().equals(part.target())).findFirst();
        return row(
                path,
                null,
                method,
                said(part.target()),
                scored.flatMap(its -> its.classes().stream().findFirst()).orElse(null),
                scored.flatMap(its -> its.labels().stream().findFirst())
                        .filter(label -> !label.isEmpty())
                        .orElse(null),
                scored.map(its -> its.scores().get(0)).orElse(null),
                part.atLayer() ? part.place() : null,
                part.atLayer() ? null : part.place(),
                shape(map),
                map.toFloats(),
                map.isZero(),
                one.warnings().stream()
                        .filter(its -> its.method().equals(method) && its.part().equals(part))
                        .map(Warning::text)
                        .findFirst()
                        .orElse(null),
                seconds);
    }

    /** A row that knows its columns: typed functions on the Dataset get this very object. */
    private static Row row(@Nullable Object... cells) {
        return new GenericRowWithSchema(cells, SCHEMA);
    }

    /** The first axis is the items, of which there is one. */
    private static long[] shape(Values map) {
        long[] shape = map.shape();
        return shape.length > 0 && shape[0] == 1
                ? Arrays.copyOfRange(shape, 1, shape.length)
                : shape;
    }

    private static @Nullable String said(String text) {
        return text.isEmpty() ? null : text;
    }
}
