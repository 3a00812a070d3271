using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Confluent.Kafka;

namespace KafkaCaching.Demo;

/// <summary>The command line of the demo.</summary>
internal sealed class DemoCommand : RootCommand
{
    public DemoCommand()
        : base("A service with caches of Kafka topics: a sample on an embedded broker, or any topics of your own Kafka.")
    {
        Option[] ofTopics = [BootstrapServers, ClientConfig, OnRecordError, Create, Writable];
        Options.Add(Listen);
        Options.Add(Port);
        Options.Add(Topics);
        foreach (var option in ofTopics)
            Options.Add(option);

        Validators.Add(command =>
        {
            if (command.GetResult(Topics) is { Tokens.Count: > 0 })
                return;
            foreach (var option in ofTopics.Where(option => command.GetResult(option) is { Implicit: false }))
                command.AddError($"{option.Name} needs --topic NAME, the topic to serve.");
        });
    }

    public Option<IPAddress> Listen { get; } = new("--listen")
    {
        Description = "The IP address to listen on; 0.0.0.0 for all.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = argument =>
        {
            if (!IPAddress.TryParse(argument.Tokens[0].Value, out var address))
                argument.AddError("--listen must be an IP address, such as 127.0.0.1, or 0.0.0.0 for all.");
            return address;
        },
    };

    public Option<ushort> Port { get; } = new("--port")
    {
        Description = "The port to listen on; 0 for any that is free.",
        HelpName = "N",
        DefaultValueFactory = _ => 5080,
    };

    public Option<string[]> Topics { get; } = new("--topic")
    {
        Description = "A topic to serve; may be repeated. Default: the sample.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    public Option<string?> BootstrapServers { get; } = new("--bootstrap-servers", "--kafka")
    {
        Description = "The brokers to ask first. Default: KAFKA_BOOTSTRAP_SERVERS.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS"),
    };

    public Option<ClientConfig> ClientConfig { get; } = new("--client-config")
    {
        Description = "A file of librdkafka properties, one name=value per line, for SASL and TLS.",
        HelpName = "FILE",
        CustomParser = ReadClient,
    };

    public Option<RecordErrorPolicy> OnRecordError { get; } = new("--on-record-error")
    {
        Description = "How to handle a record that can't be used, such as one without a key: end the demo, or skip the record.",
    };

    public Option<bool> Create { get; } = new("--create") { Description = "Create missing topics as compacted topics." };

    public Option<bool> Writable { get; } = new("--writable") { Description = "Serve PUT and DELETE." };

    // Lines of name=value are a valid INI file. The exception for a malformed line does not quote the line, which may contain a secret.
    private static ClientConfig? ReadClient(ArgumentResult argument)
    {
        try
        {
            var file = new ConfigurationBuilder().AddIniFile(Path.GetFullPath(argument.Tokens[0].Value)).Build();
            var settings = file.AsEnumerable().ToDictionary(setting => setting.Key, setting => setting.Value ?? "", StringComparer.Ordinal);
            return new ClientConfig(settings);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            argument.AddError($"--client-config: {exception.Message} Its lines must be name=value.");
            return null;
        }
    }
}
