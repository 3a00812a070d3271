using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>Runs Kafka's console producer, which writes one record for each line of standard input.</summary>
internal static class ConsoleProducer
{
    public const string KeySeparator = "\t";
    public const string NullMarker = "<null>";

    public static async Task RunAsync(KafkaRelease release, string bootstrapServers, string topic, Stream lines) =>
        await release.RunAsync(
            "kafka-console-producer.sh",
            [
                "--bootstrap-server", bootstrapServers,
                "--topic", topic,
                "--property", "parse.key=true",
                "--property", $"key.separator={KeySeparator}",
                "--property", $"null.marker={NullMarker}",
            ],
            lines,
            TestContext.Current.CancellationToken);

    public static async Task RunAsync(KafkaRelease release, string bootstrapServers, string topic, string file)
    {
        await using FileStream lines = File.OpenRead(file);
        await RunAsync(release, bootstrapServers, topic, lines);
    }
}
