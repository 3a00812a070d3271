using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KafkaCaching.Benchmarks.Restarting;

namespace KafkaCaching.Benchmarks.Drivers;

/// <summary>Measures cold and warm starts, alternately and each in a new process, on a topic of a real Kafka.</summary>
internal static class RestartDriver
{
    private const int ChangedPart = 50; // One record in fifty changes.
    private const int ManyRecords = 5_000_000;

    public static Command Command()
    {
        var records = CommandOptions.Records();
        var rounds = CommandOptions.Rounds(5);
        var command = new Command("restart", "Times cold and warm starts, and writes the snapshot between.")
        {
            CommandOptions.BootstrapServers, CommandOptions.Json, records, rounds,
        };
        command.SetAction(async parsed =>
        {
            await using var kafka = await BenchmarkKafka.OpenAsync(parsed.GetValue(CommandOptions.BootstrapServers));
            await RunAsync(kafka, parsed.GetValue(records), parsed.GetValue(rounds), parsed.GetValue(CommandOptions.Json));
        });
        return command;
    }

    private static async Task RunAsync(BenchmarkKafka kafka, int records, int rounds, FileInfo? json)
    {
        var directory = Directory.CreateTempSubdirectory("kafkacache-restart").FullName;
        try
        {
            var empty = new Starts(kafka, await kafka.CreateTopicAsync(), 0, null);
            var topic = await kafka.CreateTopicAsync();
            kafka.Fill(topic, records);
            var cold = new Starts(kafka, topic, records, null);
            var warm = new Starts(kafka, topic, records, directory);
            var written = warm.Start(isWarm: false, "--write").Snapshot!;
            for (var round = 1; round <= rounds; round++)
                Turn(round, empty, cold, warm);

            kafka.Fill(topic, records / ChangedPart);
            var behind = new Starts(kafka, topic, records, directory);
            for (var round = 1; round <= rounds; round++)
                behind.Add(behind.Start(isWarm: true));
            await WriteAsync(records, rounds, empty, cold, warm, behind, written, json);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Turn(int round, params Starts[] contenders)
    {
        for (var turn = 0; turn < contenders.Length; turn++)
        {
            var contender = contenders[(round + turn) % contenders.Length];
            contender.Add(contender.Start(isWarm: contender.Directory is not null));
        }

        Console.Error.WriteLine(
            $"round {round}: " + string.Join(
                ", ", contenders.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Walls[^1]:0.00} s"))));
    }

    private static Task WriteAsync(
        int records, int rounds, Starts empty, Starts cold, Starts warm, Starts behind, RestartContender.Written written, FileInfo? json)
    {
        var table = new Table("Start", "ready s", "ratio", "all in memory s", "CPU s", "CPU ratio", "read between µs");
        table.Add(
            "on an empty topic", empty.Walls.Median(), Of(empty, cold), empty.Wholes.Median(), empty.Cpus.Median(), OfCpu(empty, cold),
            double.NaN);
        table.Add("cold", cold.Walls.Median(), 1, cold.Wholes.Median(), cold.Cpus.Median(), 1, double.NaN);
        table.Add(
            "warm", warm.Walls.Median(), Of(warm, cold), warm.Wholes.Median(), warm.Cpus.Median(), OfCpu(warm, cold), ReadsOf(warm));
        table.Add(
            "warm, one record in fifty changed since", behind.Walls.Median(), Of(behind, cold), behind.Wholes.Median(),
            behind.Cpus.Median(), OfCpu(behind, cold), ReadsOf(behind));
        var payload = Workload.PayloadBytes(records);
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Starts at {records:N0} records, medians of {rounds} rounds; ratios to the cold start. The snapshot was written in "
            + $"{written.Seconds:0.00} s and has {written.Bytes / 1e6:0.0} MB, {(double)written.Bytes / payload:0.00} × keys and values.");
        Goal[] goals =
        [
            Goal.AtMost(0.55, "The file", (double)written.Bytes / payload, "× keys and values"),
            .. records < ManyRecords
                ? [Goal.AtMost(1.3, "Warm", Statistics.MedianRatio(warm.Walls, empty.Walls), "× the start on an empty topic")]
                : GoalsOfMany(cold, warm, behind),
        ];
        return Report.WriteAsync("restart", title, table, goals, json, new { empty, cold, warm, behind, written });
    }

    private static Goal[] GoalsOfMany(Starts cold, Starts warm, Starts behind) =>
    [
        Goal.AtMost(1 / 15.0, "Warm", Of(warm, cold), "× cold"),
        Goal.AtMost(1.3 / 15, "Warm, one record in fifty changed", Of(behind, cold), "× cold"),
        Goal.AtMost(1 / 6.0, "CPU of a warm start", OfCpu(warm, cold), "× that of a cold one"),
    ];

    private static double Of(Starts one, Starts other) => Statistics.MedianRatio(one.Walls, other.Walls);

    private static double ReadsOf(Starts starts) => starts.Reads.Count > 0 ? starts.Reads.Median() : double.NaN;

    private static double OfCpu(Starts one, Starts other) => Statistics.MedianRatio(one.Cpus, other.Cpus);

    /// <summary>One contender: how it is started, and the results of its starts.</summary>
    private sealed class Starts(BenchmarkKafka kafka, string topic, int records, string? directory)
    {
        public string? Directory => directory;

        public List<double> Walls { get; } = [];

        public List<double> Cpus { get; } = [];

        public List<double> Wholes { get; } = [];

        public List<double> Reads { get; } = [];

        public void Add(RestartContender.Started started)
        {
            Walls.Add(started.ReadySeconds);
            Wholes.Add(started.WholeSeconds);
            Cpus.Add(started.CpuSeconds);
            Reads.AddRange(started.ReadMicroseconds);
        }

        public RestartContender.Started Start(bool isWarm, params string[] more)
        {
            List<string> arguments =
            [
                "restart-contender", "--bootstrap-servers", kafka.BootstrapServers, "--topic", topic, "--records",
                records.ToString(CultureInfo.InvariantCulture), .. more,
            ];
            if (directory is not null)
                arguments.AddRange(["--directory", directory]);
            if (isWarm)
                arguments.Add("--warm");
            return JsonSerializer.Deserialize<RestartContender.Started>(ChildProcess.Run(RuntimeSettings.Of(tieredPgo: false), arguments))!;
        }
    }
}
