using System.CommandLine;
using System.Globalization;
using KafkaCaching.Benchmarks.Soaking;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Checks that the cache keeps its guarantees during faults of brokers, topics and writers.</summary>
internal static class SoakDriver
{
    public static Command Command()
    {
        var minutes = new Option<double>("--minutes")
        {
            Description = "How long. The last spell is not cut short.", DefaultValueFactory = static _ => 5,
        };
        var seed = CommandOptions.Count(
            "--seed", Environment.TickCount, "Makes the same faults in the same order again. Default: another each time.");
        var nodes = CommandOptions.Count("--nodes", 1, "Nodes of the cluster, 1 or 3.");
        var log = new Option<FileInfo?>("--log") { Description = "A file that takes the library's log and the faults.", HelpName = "FILE" };
        nodes.AcceptOnlyFromAmong("1", "3");
        var command = new Command(
            "soak", "Faults of every kind on a Kafka of its own, under writers and readers that check every read. Needs KAFKA_HOME.")
        {
            CommandOptions.Json, minutes, seed, nodes, log,
        };
        command.SetAction(parsed => RunAsync(
            new SoakSettings(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed), parsed.GetValue(nodes)),
            parsed.GetValue(CommandOptions.Json), parsed.GetValue(log)));
        return command;
    }

    private static async Task<int> RunAsync(SoakSettings settings, FileInfo? json, FileInfo? logFile)
    {
        await Console.Error.WriteLineAsync($"Seed {settings.Seed}; again: {settings.Command}");
        await using var file = logFile?.CreateText();
        var log = new LibraryLog(file);
        using var violations = new Violations(log);
        var result = await new SoakRun(settings, new SoakFigures(), violations, log).RunAsync();
        Console.WriteLine();
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Soak of {settings.Duration.TotalMinutes:0.##} minutes on {settings.Nodes} node(s), two topics with two instances each, "
            + $"{SoakKeys.Churned:N0} keys, seed {settings.Seed}.");
        await Report.WriteAsync("soak", title, result.Table(), result.Goals(), json, result);
        if (violations.Count == 0)
            return 0;
        await Console.Error.WriteLineAsync($"{violations.Count} violations. Again: {settings.Command}");
        return 1;
    }
}
