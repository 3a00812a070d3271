using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>Fills a topic once, lets the contenders replay it in turns, each time in a new process, and deletes the topic.</summary>
internal static class ReplayTurns
{
    public static async Task<ReplayResults> RunAsync(BenchmarkKafka kafka, int records, int rounds, IReadOnlyList<string> contenders)
    {
        var topic = await kafka.CreateTopicAsync();
        kafka.Fill(topic, records);
        RunOne(kafka, topic, records, ReplayContenders.Drain); // Warms up the broker and the disk cache.

        var measurements = new List<Measurement>();
        for (var round = 1; round <= rounds; round++)
        {
            // Each round begins with a different contender, because the state that a process leaves behind, for example in the disk cache,
            // may affect the next one.
            for (var turn = 0; turn < contenders.Count; turn++)
                measurements.Add(RunOne(kafka, topic, records, contenders[(round + turn) % contenders.Count]));
            await Console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{records:N0} records, round {round} of {rounds}: ")
                + string.Join(
                    ", ",
                    measurements.TakeLast(contenders.Count)
                        .Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Contender} {one.WallSeconds:0.00} s"))));
        }

        await kafka.DeleteTopicAsync(topic);
        return new ReplayResults(measurements);
    }

    private static Measurement RunOne(BenchmarkKafka kafka, string topic, int records, string contender)
    {
        var line = ChildProcess.Run(
            ReplayContenders.EnvironmentOf(contender), "contender", contender, "--bootstrap-servers", kafka.BootstrapServers, "--topic",
            topic, "--records", records.ToString(CultureInfo.InvariantCulture));
        return JsonSerializer.Deserialize<Measurement>(line)!;
    }
}
