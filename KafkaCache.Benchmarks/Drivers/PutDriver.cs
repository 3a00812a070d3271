using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Times single puts in blocks that take turns, so that a slow moment of the broker falls on all alike. Each side has a topic of its own.</summary>
internal static class PutDriver
{
    private const int Block = 50;
    private const int WarmUpBlocks = 10;

    public static Command Command()
    {
        var puts = CommandOptions.Count("--puts", 5_000, "How many puts of each kind.");
        var command = new Command("put", "Times puts on a real Kafka, acknowledged and applied.") { CommandOptions.BootstrapServers, CommandOptions.Json, puts };
        command.SetAction(parsed => RunAsync(parsed.GetValue(puts), parsed.GetValue(CommandOptions.BootstrapServers), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int puts, string? bootstrapServers, FileInfo? json)
    {
        await using var kafka = await BenchmarkKafka.OpenAsync(bootstrapServers);
        await using var cache = KafkaCache.Create(new KafkaCacheOptions<string, byte[]>
        {
            BootstrapServers = kafka.BootstrapServers,
            Topic = await kafka.CreateTopicAsync(),
            ReadOnly = false,
        });
        await cache.WaitUntilReadyAsync();
        using var raw = new RawPuts(kafka.BootstrapServers, await kafka.CreateTopicAsync());

        var contenders = new (string Label, Func<string, byte[], Task> Put, List<double> Times)[]
        {
            ("KafkaCache.PutAsync, Acknowledged", (key, value) => cache.PutAsync(key, value), []),
            ("ProduceAsync, linger.ms=0", raw.ProduceAsync, []),
            ("KafkaCache.PutAsync, Applied", (key, value) => cache.PutAsync(key, value, PutWait.Applied), []),
            ("ProduceAsync, then Consume() until it comes", raw.ProduceAndConsumeAsync, []),
        };
        var number = 0;
        for (var block = -WarmUpBlocks; block < (puts + Block - 1) / Block; block++)
        {
            foreach (var (_, put, times) in contenders)
            {
                for (var i = 0; i < Block; i++)
                {
                    var (key, value) = (Workload.Key(number % 10_000), Workload.Value(number++));
                    var start = Stopwatch.GetTimestamp();
                    await put(key, value);
                    if (block >= 0)
                        times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
            }
        }

        var table = new Table("Contender", "p50", "p95", "p99", "p50 ratio");
        for (var i = 0; i < contenders.Length; i++)
        {
            var (label, _, times) = contenders[i];
            table.Add(label, times.Median(), times.Quantile(0.95), times.Quantile(0.99), times.Median() / contenders[i | 1].Times.Median());
        }

        var title = string.Create(CultureInfo.InvariantCulture, $"{contenders[0].Times.Count:N0} puts of each kind, one at a time, in µs; ratios to the row below each.");
        await Report.WriteAsync(
            "put", title, table,
            [
                Goal.AtMost(1.05, "Acknowledged, p50", contenders[0].Times.Median() / contenders[1].Times.Median(), "× that of ProduceAsync"),
                Goal.AtMost(1.25, "Applied, p50", contenders[2].Times.Median() / contenders[3].Times.Median(), "× that of a produce-then-consume loop"),
            ],
            json, contenders.ToDictionary(static one => one.Label, static one => one.Times, StringComparer.Ordinal));
    }
}
