using System.Globalization;
using System.Text.Json;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Fills a topic of a real Kafka once, then lets the contenders replay it in turns.</summary>
internal sealed class ReplayDriver(int records, int rounds, IReadOnlyList<string> contenders)
{
    public async Task RunAsync(string? bootstrapServers, FileInfo? json)
    {
        await using var kafka = await BenchmarkKafka.OpenAsync(bootstrapServers);
        var topic = await kafka.CreateTopicAsync();
        kafka.Fill(topic, records);
        await RunOneAsync(kafka, topic, contenders[^1]); // not counted: the broker warms up, and the file system's cache with it

        var measurements = new List<Measurement>();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
                measurements.Add(await RunOneAsync(kafka, topic, contender));
            await Console.Error.WriteLineAsync($"Round {round} of {rounds}: "
                + string.Join(", ", measurements.TakeLast(contenders.Count).Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Contender} {one.WallSeconds:0.00} s"))));
        }

        Report(measurements);
        await JsonFile.WriteAsync(json, measurements);
    }

    private async Task<Measurement> RunOneAsync(BenchmarkKafka kafka, string topic, string contender)
    {
        var line = await ChildProcess.RunAsync(
            "contender", contender, "--bootstrap-servers", kafka.BootstrapServers, "--topic", topic, "--records", records.ToString(CultureInfo.InvariantCulture));
        return JsonSerializer.Deserialize<Measurement>(line)!;
    }

    private void Report(List<Measurement> measurements)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Replay of {records:N0} records, medians of {rounds} rounds in turns; ratios to the last row, medians of each round's own."));
        var table = new Table("Contender", "wall s", "wall ratio", "CPU s", "CPU ratio", "B/record", "GCs", "gen 2", "pause ms", "peak MiB", "peak ratio");
        var baselines = Of(measurements, contenders[^1]);
        foreach (var contender in contenders)
        {
            var own = Of(measurements, contender);
            table.Add(
                ReplayContenders.Describe(contender),
                Median(own, Wall), Ratio(own, baselines, Wall),
                Median(own, Cpu), Ratio(own, baselines, Cpu),
                Median(own, static one => one.AllocatedBytesPerRecord),
                Median(own, static one => one.Collections),
                Median(own, static one => one.FullCollections),
                Median(own, static one => one.PauseMs),
                Median(own, Peak), Ratio(own, baselines, Peak));
        }

        table.Write(Console.Out);
    }

    private static Measurement[] Of(List<Measurement> measurements, string contender) => [.. measurements.Where(one => one.Contender == contender)];

    private static double Median(Measurement[] measurements, Func<Measurement, double> figure) => measurements.Select(figure).Median();

    private static double Ratio(Measurement[] measurements, Measurement[] baselines, Func<Measurement, double> figure) =>
        Statistics.MedianRatio(measurements.Select(figure), baselines.Select(figure));

    private static double Wall(Measurement one) => one.WallSeconds;

    private static double Cpu(Measurement one) => one.CpuSeconds;

    private static double Peak(Measurement one) => one.PeakMiB;
}
