package io.vitrail.spark;

import io.vitrail.picture.Picture;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Explain the pictures of one partition, on an executor.
 *
 * @param model to run
 * @param engine to run it on
 * @param batch pictures at once
 * @param words what to say to each explanation
 */
record PartitionRun(SentFile model, EngineChoice engine, int batch, SparkExplanation.Word... words)
        implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> items) {
        TaskContext task = TaskContext.get();
        ExecutorModels.Lease lease = ExecutorModels.lend(engine.forTaskOf(task.cpus()), model);
        task.addTaskCompletionListener((TaskCompletionListener) ended -> lease.close());
        return new RowsOfBatches(
                items, batch, pictures -> explained(lease, pictures, task::isInterrupted));
    }

    private Explained explained(
            ExecutorModels.Lease lease,
            List<Supplier<Picture>> pictures,
            BooleanSupplier cancelled) {
        Explanation explanation = lease.vitrail().explain(lease.model(), pictures);
        for (SparkExplanation.Word word : words) {
            explanation = word.on(explanation);
        }
        return explanation.batch(pictures.size()).cancelWhen(cancelled).runAll();
    }
}
