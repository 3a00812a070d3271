using System.CommandLine;

namespace KafkaCaching.Demo.Arguments;

/// <summary>The command line: its options and their help.</summary>
internal static class DemoCommand
{
    private static readonly Option<string?> Kafka = new("--kafka") { Description = "The brokers to ask first. Default: KAFKA_BOOTSTRAP_SERVERS.", HelpName = "HOST:PORT" };
    private static readonly Option<string[]> Topic = new("--topic") { Description = "A topic to serve; may be repeated. Without: a sample on an embedded broker.", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
    private static readonly Option<bool> ReadOnly = new("--read-only") { Description = "Refuse PUT and DELETE. The default with --topic." };
    private static readonly Option<bool> Writable = new("--writable") { Description = "Serve PUT and DELETE." };
    private static readonly Option<bool> Create = new("--create") { Description = "Create a topic that is missing, compacted." };
    private static readonly Option<string> OnRecordError = new("--on-record-error") { Description = "What becomes of a record that can't be used, such as one without a key: the demo ends, or passes over it.", HelpName = "fail|skip", DefaultValueFactory = _ => "fail" };
    private static readonly Option<string> Port = new("--port") { Description = "The port to listen on; 0 for any that is free.", HelpName = "N", DefaultValueFactory = _ => "5080" };
    private static readonly Option<string> Listen = new("--listen") { Description = "The IP address to listen on.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<string?> ClientConfig = new("--client-config") { Description = "A file of librdkafka properties, name=value a line, for SASL and TLS.", HelpName = "FILE" };

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="bootstrapServers">The brokers where <c>--kafka</c> is not given.</param>
    /// <param name="output">Where help goes.</param>
    /// <returns>The arguments, or <see langword="null"/> when help or the version was asked for and written to <paramref name="output"/>.</returns>
    /// <exception cref="DemoException">An argument is wrong.</exception>
    public static DemoArguments? Parse(string[] args, string? bootstrapServers, TextWriter output)
    {
        var root = new RootCommand("Serves Kafka topics over HTTP from KafkaCaches.") { Kafka, Topic, ReadOnly, Writable, Create, OnRecordError, Port, Listen, ClientConfig };
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

        // Help and version come as actions of their own; the root has none.
        if (parsed.Action is not null && parsed.Errors.Count == 0)
        {
            parsed.Invoke(new InvocationConfiguration { Output = output });
            return null;
        }

        // That no command was given is an error to the parser, and the normal case here.
        if (parsed.Errors.Count > 0)
            throw new DemoException($"{parsed.Errors[0].Message.TrimEnd('.')}. See --help.", DemoException.BadArguments);

        return ArgumentRules.Check(new RawArguments(
            parsed.GetValue(Kafka) ?? bootstrapServers,
            KafkaGiven: parsed.GetValue(Kafka) is not null,
            parsed.GetValue(Topic) ?? [],
            parsed.GetValue(ReadOnly),
            parsed.GetValue(Writable),
            parsed.GetValue(Create),
            parsed.GetValue(OnRecordError) ?? "",
            parsed.GetValue(Port) ?? "",
            parsed.GetValue(Listen) ?? "",
            parsed.GetValue(ClientConfig)));
    }
}
