using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace KafkaCaching.Demo.Arguments;

/// <summary>The arguments as they were typed.</summary>
internal sealed record RawArguments(
    string? Kafka, bool KafkaGiven, IReadOnlyList<string> Topics, bool ReadOnly, bool Writable, bool Create, string OnRecordError, string Port, string Listen, string? ClientConfig);

/// <summary>What goes together, and what is legal.</summary>
internal static partial class ArgumentRules
{
    /// <exception cref="DemoException">A rule is broken; names the option and what to do.</exception>
    public static DemoArguments Check(RawArguments raw)
    {
        Require(ushort.TryParse(raw.Port, NumberStyles.None, CultureInfo.InvariantCulture, out var port), "--port is a number from 0 to 65535.");
        Require(!(raw.ReadOnly && raw.Writable), "--read-only and --writable exclude each other.");
        return new DemoArguments(ListenAddress(raw.Listen), port, raw.Topics.Count == 0 ? NoTopics(raw) : Topics(raw));
    }

    private static IPAddress ListenAddress(string text)
    {
        if (string.Equals(text, "localhost", StringComparison.OrdinalIgnoreCase))
            return IPAddress.Loopback;
        Require(IPAddress.TryParse(text, out var address), "--listen is an IP address, for example 127.0.0.1, or 0.0.0.0 for all.");
        return address!;
    }

    private static TopicArguments? NoTopics(RawArguments raw)
    {
        Require(!raw.KafkaGiven, "--kafka needs --topic NAME, the topic to serve.");
        Require(!raw.ReadOnly, "--read-only needs --topic NAME: the sample is writable.");
        Require(!raw.Writable, "--writable needs --topic NAME, the topic to serve.");
        Require(!raw.Create, "--create needs --topic NAME, the topic to create.");
        Require(raw.ClientConfig is null, "--client-config needs --topic NAME, the topic to serve.");
        return null;
    }

    private static TopicArguments Topics(RawArguments raw)
    {
        foreach (var topic in raw.Topics)
            Require(TopicName().IsMatch(topic) && topic is not "." and not "..", "--topic is 1 to 249 of letters, digits, '.', '_' and '-'.");

        var client = raw.ClientConfig is null ? new ClientConfig() : ClientConfigFile.Read(raw.ClientConfig);
        if (!string.IsNullOrWhiteSpace(raw.Kafka))
            client.BootstrapServers = raw.Kafka;
        Require(!string.IsNullOrWhiteSpace(client.BootstrapServers), "--topic needs the brokers: give --kafka HOST:PORT or set KAFKA_BOOTSTRAP_SERVERS.");
        return new TopicArguments(client, [.. raw.Topics.Distinct(StringComparer.Ordinal)], raw.Writable, raw.Create, RecordErrors(raw.OnRecordError));
    }

    private static RecordErrorPolicy RecordErrors(string text)
    {
        Require(text is "fail" or "skip", "--on-record-error is fail or skip.");
        return text is "skip" ? RecordErrorPolicy.Skip : RecordErrorPolicy.Fail;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new DemoException(otherwise, DemoException.BadArguments);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9._-]{1,249}\z", RegexOptions.None, 1000)]
    private static partial Regex TopicName();
}
