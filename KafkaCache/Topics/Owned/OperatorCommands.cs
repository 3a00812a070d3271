using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Topics.Owned;

/// <summary>Shell commands for Kafka's command-line tools, with which an operator can correct a topic.</summary>
internal sealed class OperatorCommands(string servers, ClientConfig? client)
{
    // If the brokers require a password or a certificate, the tools read those of the operator from a file. The operator can replace the
    // name of that file.
    private readonly string _brokers = IsPlain(client)
        ? $"--bootstrap-server {ListOf(servers)}"
        : $"--bootstrap-server {ListOf(servers)} --command-config admin.properties";

    public string Create(TopicRequirements topic) => string.Join(' ',
    [
        $"kafka-topics.sh {_brokers} --create --topic {topic.Name} --partitions {topic.Partitions}",
        .. topic.ReplicationFactor is { } factor ? [$"--replication-factor {factor}"] : Array.Empty<string>(),
        .. RequiredSettings.All(topic).Select(static one => $"--config {one.Name}={one.Value}"),
    ]);

    public string Delete(string topic) => $"kafka-topics.sh {_brokers} --delete --topic {topic}";

    public string AddPartitions(string topic, int total) => $"kafka-topics.sh {_brokers} --alter --topic {topic} --partitions {total}";

    public string Set(string topic, string setting, string value) =>
        $"kafka-configs.sh {_brokers} --alter --entity-type topics --entity-name {topic} --add-config {Pair(setting, value)}";

    /// <remarks>The principal depends on how the brokers map their users, so the operator must insert its name.</remarks>
    public string Allow(string topic, params string[] operations) =>
        $"kafka-acls.sh {_brokers} --add --allow-principal User:NAME --topic {topic} "
        + string.Join(' ', operations.Select(static operation => $"--operation {operation}"));

    // kafka-configs.sh treats a comma as the end of a setting unless the value is in brackets. The quotes prevent the shell from expanding
    // the brackets.
    private static string Pair(string setting, string value) =>
        value.Contains(',', StringComparison.Ordinal) ? $"'{setting}=[{value}]'" : $"{setting}={value}";

    // The options may have spaces between the addresses, at which a shell would end the argument.
    private static string ListOf(string servers) => string.Join(',', BootstrapServers.Addresses(servers));

    private static bool IsPlain(ClientConfig? client) =>
        (ClientProtocol.In(client) ?? ClientProtocol.Default).Equals(ClientProtocol.Default, StringComparison.OrdinalIgnoreCase);
}
