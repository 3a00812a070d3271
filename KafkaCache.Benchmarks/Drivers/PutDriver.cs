using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Times single puts in blocks that take turns, so that a slow moment of the broker falls on all alike. Each side has a topic of its own. Each round
/// has new clients and topics: which thread of the broker serves which connection decides more than what is compared.</summary>
internal static class PutDriver
{
    private const int Block = 50;
    private const int WarmUpBlocks = 10;

    private static readonly string[] Labels =
    [
        "KafkaCache.PutAsync, Acknowledged", "ProduceAsync, linger.ms=0", "KafkaCache.PutAsync, Applied", "ProduceAsync, then Consume() until it comes",
    ];

    public static Command Command()
    {
        var puts = CommandOptions.Count("--puts", 1_000, "How many puts of each kind in a round.");
        var rounds = CommandOptions.Rounds(12);
        var command = new Command("put", "Times puts on a real Kafka, acknowledged and applied.") { CommandOptions.BootstrapServers, CommandOptions.Json, puts, rounds };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(puts), parsed.GetValue(rounds), parsed.GetValue(CommandOptions.BootstrapServers), parsed.GetValue(CommandOptions.Json)));
        return command;
    }

    private static async Task RunAsync(int puts, int rounds, string? bootstrapServers, FileInfo? json)
    {
        await using var kafka = await BenchmarkKafka.OpenAsync(bootstrapServers);
        var times = new List<List<double>[]>();
        for (var round = 0; round < rounds; round++)
            times.Add(await RoundAsync(kafka, (puts + Block - 1) / Block));

        var table = new Table("Contender", "p50", "p95", "p99", "p50 ratio");
        for (var i = 0; i < Labels.Length; i++)
            table.Add(Labels[i], Median(times, i, 0.5), Median(times, i, 0.95), Median(times, i, 0.99), Ratio(times, i));

        var title = string.Create(CultureInfo.InvariantCulture,
            $"{puts:N0} puts of each kind a round, one at a time, in µs; medians of {rounds} rounds; ratios to the row below each, medians of each round's own.");
        await Report.WriteAsync(
            "put", title, table,
            [
                Goal.AtMost(1.05, "Acknowledged, p50", Ratio(times, 0), "× that of ProduceAsync"),
                Goal.AtMost(1.25, "Applied, p50", Ratio(times, 2), "× that of a produce-then-consume loop"),
            ],
            json, times.Select(static round => Labels.Zip(round).ToDictionary(static one => one.First, static one => one.Second, StringComparer.Ordinal)));
    }

    private static async Task<List<double>[]> RoundAsync(BenchmarkKafka kafka, int blocks)
    {
        await using var cache = KafkaCache.Create(new KafkaCacheOptions<string, byte[]>
        {
            BootstrapServers = kafka.BootstrapServers,
            Topic = await kafka.CreateTopicAsync(),
            ReadOnly = false,
        });
        await cache.WaitUntilReadyAsync();
        using var raw = new RawPuts(kafka.BootstrapServers, await kafka.CreateTopicAsync());

        Func<string, byte[], Task>[] contenders =
            [(key, value) => cache.PutAsync(key, value), raw.ProduceAsync, (key, value) => cache.PutAsync(key, value, PutWait.Applied), raw.ProduceAndConsumeAsync];
        var times = Array.ConvertAll(contenders, static _ => new List<double>());
        for (var block = -WarmUpBlocks; block < blocks; block++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                // There and back, so that none always follows the same other.
                var contender = (block & 1) == 0 ? i : contenders.Length - 1 - i;
                var measured = await BlockAsync(contenders[contender]);
                if (block >= 0)
                    times[contender].AddRange(measured);
            }
        }

        return times;
    }

    private static async Task<double[]> BlockAsync(Func<string, byte[], Task> put)
    {
        var times = new double[Block];
        for (var number = 0; number < Block; number++)
        {
            var (key, value) = (Workload.Key(number), Workload.Value(number));
            var start = Stopwatch.GetTimestamp();
            await put(key, value);
            times[number] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return times;
    }

    private static double Median(List<List<double>[]> rounds, int contender, double quantile) => rounds.Select(round => round[contender].Quantile(quantile)).Median();

    private static double Ratio(List<List<double>[]> rounds, int contender) =>
        Statistics.MedianRatio(rounds.Select(round => round[contender].Median()), rounds.Select(round => round[contender | 1].Median()));
}
