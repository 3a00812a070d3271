using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Benchmarks.Putting;

/// <summary>The ways to put, measured in alternating blocks.</summary>
internal static class PutContenders
{
    public const string Verb = "put-contenders";
    public const string Acknowledged = "KafkaCache.PutAsync, Acknowledged";
    public const string Produce = "ProduceAsync, linger.ms=0";
    public const string Applied = "KafkaCache.PutAsync, Applied";
    public const string ProduceAndConsume = "ProduceAsync, then Consume() until it comes";
    public const string StreamizPolled = "ProduceAsync, then Streamiz's Get until it is there, MaxPollRecords=1";
    public const string StreamizUnset = "the same with Streamiz's default settings";

    private const int Block = PutContender.Block;
    private const int WarmUpBlocks = 10;

    public static IReadOnlyList<PutContender> All { get; } =
    [
        new(Acknowledged, Produce, static (clients, key, value) => clients.Cache.PutAsync(key, value)),
        new(Produce, Produce, static (clients, key, value) => clients.Raw.ProduceAsync(key, value)),
        new(Applied, ProduceAndConsume, static (clients, key, value) => clients.Cache.PutAsync(key, value, PutWait.Applied)),
        new(ProduceAndConsume, ProduceAndConsume, static (clients, key, value) => clients.Raw.ProduceAndConsumeAsync(key, value)),
        new(StreamizPolled, ProduceAndConsume, static (clients, key, value) => clients.StreamizEager.ProduceAndPollAsync(key, value)),

        // Each put takes 100 ms, so a block has only one.
        new(StreamizUnset, ProduceAndConsume, static (clients, key, value) => clients.StreamizUnset.ProduceAndPollAsync(key, value), 1),
    ];

    /// <summary>The command that the driver starts as a child. Each input line contains the number of puts of each kind, and starts a round
    /// with new clients and topics.</summary>
    public static Command ChildCommand()
    {
        var command = new Command(Verb, "All ways to put, round by round.") { CommandOptions.BootstrapServers };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            while (Console.ReadLine() is { } puts)
            {
                var blocks = (int.Parse(puts, CultureInfo.InvariantCulture) + Block - 1) / Block;
                Console.WriteLine(JsonSerializer.Serialize(await RoundAsync(kafka, blocks)));
            }
        });
        return command;
    }

    private static async Task<List<double>[]> RoundAsync(BenchmarkKafka kafka, int blocks)
    {
        await using var clients = await PutClients.OpenAsync(kafka);
        List<double>[] times = [.. All.Select(static _ => new List<double>())];
        for (var block = -WarmUpBlocks; block < blocks; block++)
        {
            for (var i = 0; i < All.Count; i++)
            {
                // The order alternates between forward and backward, so that no contender always follows the same one.
                var contender = (block & 1) == 0 ? i : All.Count - 1 - i;
                var measured = await BlockAsync(clients, All[contender], (block + WarmUpBlocks) * Block);
                if (block >= 0)
                    times[contender].AddRange(measured);
            }
        }

        return times;
    }

    // Each block writes new values to the same keys, so that a poll can recognize the value that was just put.
    private static async Task<double[]> BlockAsync(PutClients clients, PutContender contender, int firstValue)
    {
        var times = new double[contender.PutsPerBlock];
        for (var number = 0; number < times.Length; number++)
        {
            var (key, value) = (Workload.Key(number), Workload.Value(firstValue + number));
            var start = Stopwatch.GetTimestamp();
            await contender.Put(clients, key, value);
            times[number] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return times;
    }
}
