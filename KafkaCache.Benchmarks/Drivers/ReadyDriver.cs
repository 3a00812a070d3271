using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures how long a start takes: of a cache on an empty topic of the embedded broker, of a bare consumer that waits for the end
/// of each partition, and of a cache on an in-memory topic, as in a unit test.</summary>
internal static class ReadyDriver
{
    private const string Topic = "empty";
    private const int WarmUps = 5;

    public static Command Command()
    {
        var rounds = CommandOptions.Rounds(50);
        var command = new Command(
            "ready",
            "Times the way from Create to ready on an empty topic of the embedded broker, in a warm process.") { CommandOptions.Json,
            rounds };
        command.SetAction(parsed => RunAsync(parsed.GetValue(rounds), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int rounds, FileInfo? json)
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic(Topic, Workload.Partitions);
        var caches = new List<double>();
        var fromStart = new List<double>();
        var fromBeginning = new List<double>();
        var tests = new List<double>();
        for (var round = -WarmUps; round < rounds; round++)
        {
            var cache = StartCache(broker);
            var tuned = StartConsumer(broker, new Offset(0), fetchWaitMs: 100);
            var untuned = StartConsumer(broker, Offset.Beginning, fetchWaitMs: 500);
            var test = await TestInMemoryAsync();
            if (round < 0)
                continue;
            caches.Add(cache);
            fromStart.Add(tuned);
            fromBeginning.Add(untuned);
            tests.Add(test);
        }

        var table = new Table("Contender", "median", "p95", "max", "ratio");
        Add(table, "KafkaCache, Create to ready", caches, fromBeginning);
        Add(table, "Consumer at offset 0, fetch.wait.max.ms=100, every end seen", fromStart, fromBeginning);
        Add(table, "Consumer at Offset.Beginning, every end seen", fromBeginning, fromBeginning);
        Add(table, "InMemoryTopic: create, produce, settle, Get, dispose", tests, fromBeginning);
        Goal[] goals =
        [
            Goal.AtMost(100, "Create to ready, median", caches.Median(), "ms"),
            Goal.AtMost(5, "A test on an InMemoryTopic, median", tests.Median(), "ms"),
        ];
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Ready on an empty topic of {Workload.Partitions} partitions, {rounds} rounds in turns, in ms; ratios to Offset.Beginning.");
        await Report.WriteAsync("ready", title, table, goals, json, new { caches, fromStart, fromBeginning, tests });
    }

    private static void Add(Table table, string label, List<double> times, List<double> baselines) =>
        table.Add(label, times.Median(), times.Quantile(0.95), times.Max(), Statistics.MedianRatio(times, baselines));

    private static double StartCache(EmbeddedBroker broker)
    {
        var start = Stopwatch.GetTimestamp();
        using var cache = KafkaCache.Create(
            new KafkaCacheOptions<string, byte[]> { BootstrapServers = broker.BootstrapServers, Topic = Topic });
        cache.WaitUntilReady();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> TestInMemoryAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var topic = new InMemoryTopic();
        await using (var cache = topic.CreateCache<string, string>())
        {
            topic.Produce("key", "value");
            await topic.SettleAsync();
            if (cache.Get("key") != "value")
                throw new InvalidOperationException("What was produced is not readable.");
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double StartConsumer(EmbeddedBroker broker, Offset from, int fetchWaitMs)
    {
        var start = Stopwatch.GetTimestamp();
        var config = new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "kafkacache-benchmark",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            FetchWaitMaxMs = fetchWaitMs,
        };
        using var consumer = new ConsumerBuilder<string, byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, Workload.Partitions).Select(partition => new TopicPartitionOffset(Topic, partition, from)));
        for (var open = Workload.Partitions; open > 0;)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(30)) is not { } result)
                throw new TimeoutException("The broker told no end.");
            open -= result.IsPartitionEOF ? 1 : 0;
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
