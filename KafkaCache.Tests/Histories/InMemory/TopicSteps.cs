using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Takes the steps of a history that only affect its topic.</summary>
internal sealed class TopicSteps(ModelKafka kafka, HistoryRules rules)
{
    private const int MaxPartitions = 5;

    /// <summary>The timestamp of the next record, in Unix milliseconds.</summary>
    public required Func<long> NextTimestamp { get; init; }

    /// <summary>The caches that are running.</summary>
    public required Func<IEnumerable<ModelCache>> Caches { get; init; }

    /// <returns>Whether the step was one of these.</returns>
    public bool TryTake(HistoryStep step, Random random, TimeSpan now)
    {
        switch (step.Kind)
        {
            case StepKind.Produce:
                Produce(random, transaction: null);
                return true;
            case StepKind.Begin when kafka.Topic is { OpenTransactions.Count: < 3 } topic:
                Produce(random, topic.Begin());
                return true;
            case StepKind.ProduceInTransaction when Open(step) is { } transaction:
                Produce(random, transaction);
                return true;
            case StepKind.Commit or StepKind.Abort when Open(step) is { } transaction:
                kafka.Topic!.End(transaction, step.Kind == StepKind.Commit);
                return true;
            case StepKind.Clean when rules.Cleans && Log(step) is { } log:
                log.Clean(
                    below: random.Next(2) == 0 ? log.HighWatermark : random.NextInt64(log.HighWatermark + 1), now, rules.DeleteRetention,
                    ReadByFirstReplays(log.Number));
                return true;
            case StepKind.DeleteRecords when Log(step) is { } log:
                log.DeleteBefore(log.LogStart + random.NextInt64(log.HighWatermark - log.LogStart + 1));
                return true;
            case StepKind.Grow when kafka.Topic is { } topic:
                topic.Grow(Math.Min(topic.Partitions.Count + 1, MaxPartitions));
                return true;
            default:
                return false;
        }
    }

    public ModelPartition? Log(HistoryStep step) =>
        kafka.Topic is { } topic ? topic.Partitions[step.Which % topic.Partitions.Count] : null;

    public void Produce(Random random, ModelTransaction? transaction)
    {
        if (kafka.Topic is not { } topic)
            return;
        for (var records = random.Next(1, 10); records > 0; records--)
        {
            var (place, key, value, flaw) = RecordMaker.Next(random, rules);
            topic.PartitionOf(place, random).Append(NextTimestamp(), key, value, flaw, transaction);
        }
    }

    /// <summary>Writes to a partition until its log ends at an offset.</summary>
    public void Refill(ModelPartition log, long end, Random random)
    {
        const int maxTries = 200;
        for (var tries = 0; log.HighWatermark < end && tries < maxTries; tries++)
        {
            var (place, key, value, flaw) = RecordMaker.Next(random, rules);
            if (kafka.Topic!.PartitionOf(place, random) == log)
                log.Append(NextTimestamp(), key, value, flaw, transaction: null);
        }
    }

    /// <summary>Ends all open transactions.</summary>
    public void EndTransactions(bool commit)
    {
        while (kafka.Topic!.OpenTransactions is [var open, ..])
            kafka.Topic.End(open, commit);
    }

    // A cold start that takes longer than tombstones are kept may miss some and only logs this, so the cleaner waits for cold starts. It
    // does not wait for warm starts, because they are repeated in this case.
    private long ReadByFirstReplays(int partition) => Caches().SelectMany(static cache => cache.State.Held())
        .Where(generation => generation is { Replay: null, StartedFrom: null } && partition < generation.Positions.Count)
        .Select(generation => generation.Positions[partition].Position).DefaultIfEmpty(long.MaxValue).Min();

    private ModelTransaction? Open(HistoryStep step) =>
        kafka.Topic is { OpenTransactions: { Count: > 0 } open } ? open[step.Which % open.Count] : null;
}
