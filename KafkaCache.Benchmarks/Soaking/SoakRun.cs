using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A run: periods with faults, each followed by a quiet period, until the time is up or the run can't continue.</summary>
internal sealed class SoakRun(SoakSettings settings, SoakFigures figures, Violations violations, LibraryLog log)
{
    private const int Readers = 2;
    private static readonly TimeSpan Spell = TimeSpan.FromSeconds(30);

    private int _actors;
    private int _writers;

    public async Task<SoakResult> RunAsync()
    {
        await using var cluster = await SoakCluster.StartAsync(settings.Nodes);
        await using var trusting = new SoakTopic("soak-trusting", RecordErrorPolicy.Fail, cluster.BootstrapServers, log);
        await using var tolerant = new SoakTopic("soak-tolerant", RecordErrorPolicy.Quarantine, cluster.BootstrapServers, log);
        SoakTopic[] topics = [trusting, tolerant];
        var notCommitted = new NotCommittedWrites();
        var markers = topics.ToDictionary(
            static topic => topic, topic => new ForeignWriter(topic, cluster.BootstrapServers, _writers++, figures, NextRandom()));
        CacheWriter[] cacheWriters = [.. topics.SelectMany(topic => Enumerable.Range(0, SoakKeys.Writers).Select(
            range => new CacheWriter(topic, _writers++, new OwnKeys(range), notCommitted, figures, violations, NextRandom())))];
        ForeignWriter[] foreign = [
            .. topics.Select(topic => new ForeignWriter(topic, cluster.BootstrapServers, _writers++, figures, NextRandom())),
        ];
        Writer[] writers = [.. cacheWriters, .. foreign];
        await using var growing = new CacheWriter(trusting, _writers++, new OwnKeys(0), notCommitted, figures, violations, NextRandom());
        var growth = new TopicGrowth(
            cluster, markers[trusting], growing, [.. cacheWriters.Where(writer => writer.Topic == trusting), foreign[0]], violations);
        var faults = new Faults(cluster, topics, markers, growth, figures, violations, log, NextRandom());
        var quiet = new QuietSpell(cluster, topics, writers, cacheWriters, notCommitted, figures, violations);

        foreach (var topic in topics)
        {
            await cluster.CreateTopicAsync(topic.Name, topic.Partitions, topic.CleanupPolicy);
            await Task.Run(markers[topic].Fill);
            foreach (var cache in topic.Instances)
                await cache.WaitUntilReadyAsync();
        }

        var checkers = Enumerable.Range(0, Readers).Select(_ => new ReadChecker(topics, notCommitted, violations, NextSeed())).ToList();
        var sampler = new Sampler(topics, figures, violations, () => checkers.Sum(static checker => checker.Reads));
        foreach (var writer in writers)
            writer.Start(violations);
        try
        {
            await SpellsAsync(faults, quiet);
        }
        catch (Exception unexpected)
        {
            violations.Add("The run", "it goes on", unexpected.ToString(), isLast: true);
        }

        foreach (var writer in writers.Concat(markers.Values))
            await writer.DisposeAsync();
        await sampler.DisposeAsync();
        foreach (var checker in checkers)
            checker.Dispose();
        return new SoakResult(settings, figures, sampler, log, checkers.Sum(static checker => checker.Reads), violations.All);
    }

    private async Task SpellsAsync(Faults faults, QuietSpell quiet)
    {
        var began = Stopwatch.GetTimestamp();
        await quiet.HoldAsync();
        while (Stopwatch.GetElapsedTime(began) < settings.Duration && !violations.Enough.IsCancellationRequested)
        {
            var spell = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(spell) < Spell && !violations.Enough.IsCancellationRequested)
                await faults.InjectAsync();
            if (!violations.Enough.IsCancellationRequested)
                await quiet.HoldAsync();
        }
    }

    private Random NextRandom() => new(NextSeed());

    private int NextSeed() => settings.Seed + _actors++;
}
