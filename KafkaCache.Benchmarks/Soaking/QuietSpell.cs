using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A period in which no writer writes. Both instances must reach the high watermarks and have exactly the entries of the log's
/// fold, and so must a third instance that starts cold.</summary>
internal sealed class QuietSpell(
    SoakCluster cluster, IReadOnlyList<SoakTopic> topics, IReadOnlyList<Writer> writers, IReadOnlyList<CacheWriter> cacheWriters,
    NotCommittedWrites notCommitted, SoakFigures figures, Violations violations)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task HoldAsync()
    {
        using (var deadline = new CancellationTokenSource(Deadline))
        {
            foreach (var writer in writers)
                await writer.Turn.TakeAsync(deadline.Token);
        }

        try
        {
            foreach (var topic in topics)
                await CompareAsync(topic);

            // Frees the memory of the comparison, so that the samples show the memory of the caches.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        finally
        {
            foreach (var writer in writers)
                writer.Turn.GiveBack();
        }
    }

    private async Task CompareAsync(SoakTopic topic)
    {
        LogFold fold;
        try
        {
            fold = await LogFold.ReadAsync(cluster, topic, notCommitted);
        }
        catch (TimeoutException late)
        {
            violations.Add($"The log of {topic.Name}", "a plain consumer reads it to its end", late.Message, isLast: true);
            return;
        }

        foreach (var value in fold.Forbidden)
            violations.Add($"The log of {topic.Name}", "no write that was aborted or called NotCommitted", notCommitted.Tell(value));
        var comparison = new Comparison(topic, fold, violations);
        foreach (var instance in topic.Instances)
        {
            if (!await ReachAsync(instance, fold) || !comparison.With(instance))
                continue;
            figures.Checks.Add("instances at rest compared with the log");
        }

        await CompareColdAsync(topic, fold, comparison);
        CheckOwnWrites(topic, fold);
        figures.Checks.Add("records folded", fold.Records);
        figures.Checks.Add("entries met whose records were deleted from the log", comparison.Older);
    }

    private async Task<bool> ReachAsync(KafkaCache<string, SoakValue> cache, LogFold fold)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = cache.Status;
            var isThere = status.Phase == CachePhase.Ready
                && status.Partitions.Count == fold.HighWatermarks.Length
                && status.Partitions.All(partition => partition.Position >= fold.HighWatermarks[partition.Partition]);
            if (isThere)
                return true;
            if (Stopwatch.GetElapsedTime(started) > Deadline || status.Phase == CachePhase.Faulted)
            {
                violations.Add(
                    $"'{cache.Name}' at rest", $"ready at {string.Join(", ", fold.HighWatermarks)}",
                    $"{status.Phase} at {string.Join(", ", status.Partitions.Select(static partition => partition.Position))} "
                        + "({status.Fault?.Message ?? status.Reason})",
                    isLast: true);
                return false;
            }

            await Task.Delay(Poll);
        }
    }

    private async Task CompareColdAsync(SoakTopic topic, LogFold fold, Comparison comparison)
    {
        await using var cold = topic.Create("cold", readOnly: true);
        await cold.WaitUntilReadyAsync();
        if (await ReachAsync(cold, fold) && comparison.With(cold))
            figures.Checks.Add("cold instances compared with the log");
    }

    // A committed write is never lost: the last write to a writer's own key must be the key's last record in the log.
    private void CheckOwnWrites(SoakTopic topic, LogFold fold)
    {
        var log = topic.Log.Now;
        foreach (var own in cacheWriters.Where(writer => writer.Topic == topic).Select(static writer => writer.Own))
        {
            for (var number = own.First; number < own.First + SoakKeys.OwnPerWriter; number++)
            {
                if (own.Committed(number, log) is not { } last || last.Position.Offset < fold.LogStarts[last.Position.Partition])
                    continue;
                figures.Checks.Add("committed writes looked up in the log");
                if (!fold.ByKey.TryGetValue(log.Keys[number], out var folded)
                    || folded.Position != last.Position || folded.Value != last.Value)
                {
                    violations.Add(
                        string.Create(CultureInfo.InvariantCulture, $"The log of {topic.Name}, key {number}"),
                        $"{last.Value?.ToString() ?? "a tombstone"} at {last.Position}, as committed",
                        $"{folded.Value} at {folded.Position}");
                }
            }
        }
    }
}
