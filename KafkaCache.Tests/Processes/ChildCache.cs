using System.Globalization;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Processes;

/// <summary>The code of a child process, which runs this test of this assembly. It has a cache, and prints its progress. Lines on standard
/// input request the hash of its content, its entries or its log. See <see cref="ChildProcess"/>.</summary>
public sealed class ChildCache
{
    public const string ServersVariable = "KAFKACACHE_TEST_CHILD_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_CHILD_TOPIC";
    public const string DirectoryVariable = "KAFKACACHE_TEST_CHILD_DIRECTORY";
    public const string SnapshotsVariable = "KAFKACACHE_TEST_CHILD_SNAPSHOT_DIRECTORY";
    public const string TellsVariable = "KAFKACACHE_TEST_CHILD_TELLS";
    public const string BudgetVariable = "KAFKACACHE_TEST_CHILD_BUDGET";

    /// <summary>The progress is printed only after this number of records, because each line wakes the parent.</summary>
    public const int RecordsPerLine = 20;

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        var budget = long.Parse(Environment.GetEnvironmentVariable(BudgetVariable)!, CultureInfo.InvariantCulture);
        var options = TestCaches.Options<byte[], byte[]>(servers, Environment.GetEnvironmentVariable(TopicVariable)!, o =>
        {
            o.StaleAfter = TimeSpan.FromSeconds(1); // The topic's ID is checked at a third of this interval.
            o.ReadyTimeout = TimeSpan.FromMinutes(2);
            o.Store.SpillDirectory = Environment.GetEnvironmentVariable(DirectoryVariable);
            o.Snapshot.Directory = Environment.GetEnvironmentVariable(SnapshotsVariable);
            o.Snapshot.MaxAge = TimeSpan.FromMinutes(30);
            if (Environment.GetEnvironmentVariable(TellsVariable) == "records")
                o.ValidateRecord = TellRecords();
        });
        Tell("resident", ResidentMemory.Now);
        using var log = new ListLoggerFactory();
        await using var cache = KafkaCache<byte[], byte[]>.Start(
            options, log, settings => new FasterStateStore(settings with { MemoryBudget = budget, MaxEntryBytes = null }));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Tell("peak", ResidentMemory.Peak);
        Tell("applied", cache.Status.RecordsApplied);
        Tell("scanned", cache.Scan().LongCount());
        Tell("ready", cache.Count);

        // Runs until standard input is closed, at the latest when the parent ends.
        while (await Console.In.ReadLineAsync(TestContext.Current.CancellationToken) is { } question)
            Console.WriteLine($"{question} {Answer(question, cache, log)}");
    }

    // Returns the answer as a single line.
    private static string Answer(string question, KafkaCache<byte[], byte[]> cache, ListLoggerFactory log) => question switch
    {
        "warm" => cache.Status.Start!.IsWarm ? "1" : "0",
        "snapshots" => SnapshotsSoFar(cache),
        "hash" => ContentHash.OfEntries(cache.Scan()),
        "entries" => string.Join(' ', cache.Scan().Select(static entry => $"{entry.Value.Partition}:{entry.Value.Offset}")),
        _ => $"{cache.Status} {string.Join(" / ", log.Logger.Lines)}".ReplaceLineEndings(" "),
    };

    private static string SnapshotsSoFar(KafkaCache<byte[], byte[]> cache)
    {
        cache.Parts.Replay.Supervisor.Snapshots!.Request();
        return cache.Status.Snapshot!.Count.ToString(CultureInfo.InvariantCulture);
    }

    private static RecordValidator TellRecords()
    {
        var seen = 0L;
        return (in CacheRecord _) =>
        {
            if (++seen % RecordsPerLine == 0)
                Tell("record", seen);
            return true;
        };
    }

    private static void Tell(string what, long number) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {number}"));
}
