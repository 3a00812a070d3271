using System.Globalization;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Processes;

/// <summary>What a child process does: this assembly again, with this one test. It keeps a cache and tells on standard output how far it
/// is; on standard input it is asked for the hash of its content, for its entries, or what it has logged. See
/// <see cref="ChildProcess"/>.</summary>
public sealed class ChildCache
{
    public const string ServersVariable = "KAFKACACHE_TEST_CHILD_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_CHILD_TOPIC";
    public const string DirectoryVariable = "KAFKACACHE_TEST_CHILD_DIRECTORY";
    public const string SnapshotsVariable = "KAFKACACHE_TEST_CHILD_SNAPSHOT_DIRECTORY";
    public const string TellsVariable = "KAFKACACHE_TEST_CHILD_TELLS";
    public const string BudgetVariable = "KAFKACACHE_TEST_CHILD_BUDGET";

    /// <summary>A pipe's reader is woken for each line: not for each record.</summary>
    public const int RecordsPerLine = 20;

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        var budget = long.Parse(Environment.GetEnvironmentVariable(BudgetVariable)!, CultureInfo.InvariantCulture);
        var options = TestCaches.Options<byte[], byte[]>(servers, Environment.GetEnvironmentVariable(TopicVariable)!, o =>
        {
            o.StaleAfter = TimeSpan.FromSeconds(1); // Asks for the topic's ID every third of that.
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

        // Until standard input ends, which it does with the parent at the latest.
        while (await Console.In.ReadLineAsync(TestContext.Current.CancellationToken) is { } question)
            Console.WriteLine($"{question} {Answer(question, cache, log)}");
    }

    // In one line.
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
