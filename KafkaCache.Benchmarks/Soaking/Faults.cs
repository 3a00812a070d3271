using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Injects one fault after the other, in an order that the seed determines, and waits after each one until all caches have
/// recovered.</summary>
internal sealed class Faults(
    SoakCluster cluster, IReadOnlyList<SoakTopic> topics, IReadOnlyDictionary<SoakTopic, ForeignWriter> markers, TopicGrowth growth,
    SoakFigures figures, Violations violations, LibraryLog log, Random random)
{
    private static readonly TimeSpan StaleAfter = SoakTopic.StaleAfter + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    // For each topic that was deleted, the number of generations that each instance had built by then. The topic is removed once each
    // instance has built another generation.
    private readonly Dictionary<SoakTopic, IReadOnlyList<long>> _toReplay = [];

    private SoakTopic Trusting => topics.First(static topic => !topic.TakesBadRecords);

    private SoakTopic Tolerant => topics.First(static topic => topic.TakesBadRecords);

    public async Task InjectAsync()
    {
        var (name, fault) = Choose();
        log.Note($"---- {name}");
        await fault();
        var ended = Stopwatch.GetTimestamp();
        log.Note($"---- {name} is over");
        await RecoverAsync(name);
        figures.Recoveries.Enqueue(new Recovery(name, Stopwatch.GetElapsedTime(ended).TotalSeconds));
        log.Note($"---- recovered from {name}");
    }

    private (string Name, Func<Task> Fault) Choose()
    {
        var node = random.Next(cluster.Nodes) + 1;
        var topic = topics[random.Next(topics.Count)];
        return random.Next(100) switch
        {
            < 25 => ("a node paused", () => PauseAsync(node)),
            < 45 => ("a node killed", () => KillAsync(node)),
            < 65 => ("a topic re-created", () => RecreateAsync(topic)),
            < 80 => ("records deleted", DeleteRecordsAsync),
            < 88 when growth.IsLeft => ("partitions added", () => growth.AddPartitionsAsync(Trusting)),
            _ => ("a transaction left open", () => HoldTransactionAsync(topic)),
        };
    }

    private async Task PauseAsync(int node)
    {
        var time = TimeSpan.FromSeconds(1 + (random.NextDouble() * 11));
        await cluster.Kafka.PauseAsync(node);
        try
        {
            await Task.Delay(time);
            if (cluster.Nodes == 1 && time > StaleAfter)
                RequireStale(time);
        }
        finally
        {
            await cluster.Kafka.ResumeAsync(node);
        }
    }

    private void RequireStale(TimeSpan time)
    {
        foreach (var cache in topics.SelectMany(static topic => topic.Instances))
        {
            figures.Checks.Add("phases of instances whose brokers are frozen");
            if (cache.Status.Phase is not CachePhase.Stale)
                violations.Add(
                    string.Create(CultureInfo.InvariantCulture, $"'{cache.Name}', {time.TotalSeconds:0.0} s after its only broker froze"),
                    "Stale", cache.Status.Phase.ToString());
        }
    }

    private async Task KillAsync(int node)
    {
        await cluster.Kafka.KillAsync(node);
        await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 5));
        await cluster.Kafka.StartNodeAsync(node);
    }

    private async Task RecreateAsync(SoakTopic topic)
    {
        topic.Log.Begin();
        await cluster.DeleteTopicAsync(topic.Name);
        _toReplay[topic] = topic.Generations;
        await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 2));
        await cluster.CreateTopicAsync(topic.Name, topic.Partitions, topic.CleanupPolicy);
        markers[topic].RenewProducer();
        if (random.Next(2) == 0)
            await Task.Run(markers[topic].Fill); // The new log soon grows past the old log's end offset.
    }

    private async Task DeleteRecordsAsync()
    {
        var partition = random.Next(Tolerant.Partitions);
        var start = (await cluster.LogStartsAsync(Tolerant.Name, Tolerant.Partitions))[partition];
        var end = (await cluster.HighWatermarksAsync(Tolerant.Name, Tolerant.Partitions))[partition];
        await cluster.DeleteRecordsAsync(Tolerant.Name, partition, random.Next(4) == 0 ? end : start + random.NextInt64(end - start + 1));
    }

    private Task HoldTransactionAsync(SoakTopic topic) =>
        markers[topic].HoldTransactionAsync(TimeSpan.FromSeconds(2 + (random.NextDouble() * 6)), commit: random.Next(2) == 0);

    private async Task RecoverAsync(string fault)
    {
        foreach (var topic in topics)
        {
            if (!await IsShownAsync(topic))
            {
                violations.Add(
                    $"After {fault}, {topic.Name}",
                    string.Create(
                        CultureInfo.InvariantCulture, $"both instances show what was written after it, within {Deadline.TotalSeconds:0} s"),

                    string.Join(
                        "; ",
                        topic.Instances.Select(
                            static cache =>
                                $"'{cache.Name}' is {cache.Status.Phase}: {cache.Status.Fault?.Message ?? cache.Status.Reason}")),
                    isLast: true);
                return;
            }

            topic.Log.Settle();
        }
    }

    private async Task<bool> IsShownAsync(SoakTopic topic)
    {
        var started = Stopwatch.GetTimestamp();
        long? marked = null;
        while (Stopwatch.GetElapsedTime(started) < Deadline)
        {
            marked ??= await markers[topic].MarkAsync();
            if (marked is not null && HasReplayed(topic) && topic.Instances.All(cache => Shows(cache, topic, marked.Value)))
            {
                _toReplay.Remove(topic);
                return true;
            }

            await Task.Delay(Poll);
        }

        return false;
    }

    // A marker does not prove a replay: an instance that has not noticed the new log may continue in it from its position in the old log.
    private bool HasReplayed(SoakTopic topic) =>
        !_toReplay.TryGetValue(topic, out var before) || topic.Generations.Zip(before).All(static one => one.First > one.Second);

    private static bool Shows(KafkaCache<string, SoakValue> cache, SoakTopic topic, long marked) =>
        cache.Status.Phase is not CachePhase.Faulted
            && cache.Get(topic.Log.Now.Keys[SoakKeys.Marker]) is { } marker && marker.Sequence >= marked;
}
