using System.CommandLine;
using System.Text.Json;
using BenchmarkDotNet.Running;
using KafkaCaching.Benchmarks.Contenders;
using KafkaCaching.Benchmarks.Drivers;
using KafkaCaching.Benchmarks.Micro;

namespace KafkaCaching.Benchmarks;

/// <summary>The command line: a verb for each driver.</summary>
internal static class BenchmarkCommand
{
    private static readonly Option<string?> BootstrapServers = new("--bootstrap-servers") { Description = "A running Kafka. Default: one is started from KAFKA_HOME.", HelpName = "HOST:PORT" };
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "A file that takes every measurement.", HelpName = "FILE" };
    private static readonly Option<int> Records = new("--records") { Description = "Records in the topic, each with a key of its own.", DefaultValueFactory = _ => 1_000_000 };

    public static RootCommand Root() =>
        new("Measures KafkaCache beside its baselines, in one run. The ratios last, the times don't.") { Replay(), Ready(), Put(), Micro(), Contender() };

    private static Command Replay()
    {
        var rounds = Count("--rounds", 6, "How often each contender replays, in turns.");
        var contenders = new Option<string[]>("--contenders")
        {
            Description = "Which take part; the ratios are to the last.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. ReplayContenders.Names],
        };
        contenders.AcceptOnlyFromAmong([.. ReplayContenders.Names]);
        var command = new Command("replay", "Replays a topic of a real Kafka, each time in a new process.") { BootstrapServers, Json, Records, rounds, contenders };
        command.SetAction(parsed => new ReplayDriver(parsed.GetValue(Records), parsed.GetValue(rounds), parsed.GetValue(contenders)!)
            .RunAsync(parsed.GetValue(BootstrapServers), parsed.GetValue(Json)));
        return command;
    }

    private static Command Ready()
    {
        var rounds = Count("--rounds", 50, "How often each contender starts, in turns.");
        var command = new Command("ready", "Times the way from Create to ready on an empty topic of the embedded broker, in a warm process.") { Json, rounds };
        command.SetAction(parsed => new ReadyDriver(parsed.GetValue(rounds)).RunAsync(parsed.GetValue(Json)));
        return command;
    }

    private static Command Put()
    {
        var puts = Count("--puts", 5_000, "How many puts of each kind.");
        var command = new Command("put", "Times puts on a real Kafka, acknowledged and applied.") { BootstrapServers, Json, puts };
        command.SetAction(parsed => new PutDriver(parsed.GetValue(puts)).RunAsync(parsed.GetValue(BootstrapServers), parsed.GetValue(Json)));
        return command;
    }

    private static Command Micro()
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Passed on to BenchmarkDotNet, after --, such as --filter *Hot*.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("micro", "Microbenchmarks of reads and of the store. They need no Kafka.") { arguments };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(arguments) ?? [];
            BenchmarkSwitcher.FromTypes(MicroBenchmarks.Types).Run(given is [] ? ["--filter", "*"] : given, MicroBenchmarks.Config);
        });
        return command;
    }

    // What a driver starts as a child: one contender, once, its measurement as a line of JSON.
    private static Command Contender()
    {
        var name = new Argument<string>("name");
        var topic = new Option<string>("--topic") { Required = true };
        var command = new Command("contender", "One contender, once.") { name, topic, BootstrapServers, Records };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var replay = new ReplayRun(parsed.GetValue(BootstrapServers)!, parsed.GetValue(topic)!, parsed.GetValue(Records));
            Console.WriteLine(JsonSerializer.Serialize(ReplayContenders.Run(parsed.GetValue(name)!, replay)));
        });
        return command;
    }

    private static Option<int> Count(string name, int fallback, string description) => new(name) { Description = description, DefaultValueFactory = _ => fallback };
}
