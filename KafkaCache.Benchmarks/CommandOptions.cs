using System.CommandLine;

namespace KafkaCaching.Benchmarks;

/// <summary>The command-line options that several subcommands share.</summary>
internal static class CommandOptions
{
    public static readonly Option<string?> BootstrapServers = new("--bootstrap-servers")
    {
        Description = "A running Kafka. Default: one is started from KAFKA_HOME.", HelpName = "HOST:PORT",
    };
    public static readonly Option<FileInfo?> Json = new("--json")
    {
        Description = "A file that takes every measurement.", HelpName = "FILE",
    };

    public static Option<int> Records() => Count("--records", 1_000_000, "Records in the topic, each with a key of its own.");

    public static Option<int> Rounds(int fallback) => Count("--rounds", fallback, "How often the contenders take turns.");

    public static Option<int> Count(string name, int fallback, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => fallback };
}
