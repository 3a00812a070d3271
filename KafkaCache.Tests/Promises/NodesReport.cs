using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Tells at a test's end how the nodes stand: who leads, who is in sync, and what each complained of last. It is seen where the
/// test failed.</summary>
internal sealed class NodesReport(TestKafka kafka, string directory, string topic) : IAsyncDisposable
{
    private const int LinesTold = 15;
    private const int LongestLine = 240;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestOutputHelper is not { } output)
            return;
        output.WriteLine(await LeadersAsync());
        foreach (var node in Directory.EnumerateDirectories(directory, "node-*").Order(StringComparer.Ordinal))
        {
            output.WriteLine($"{Path.GetFileName(node)}:");
            foreach (var line in Complaints(Path.Combine(node, "broker.log")))
                output.WriteLine($"  {line}");
        }
    }

    private async Task<string> LeadersAsync()
    {
        try
        {
            var metadata = await Task.Run(() => kafka.Admin.GetMetadata(topic, Patience));
            var partitions = metadata.Topics[0].Partitions.Select(static one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[{one.PartitionId}] led by {one.Leader}, in sync {string.Join(' ', one.InSyncReplicas)}"));
            return $"Up are {string.Join(' ', metadata.Brokers.Select(static broker => broker.BrokerId).Order())}, as node "
                + $"{metadata.OriginatingBrokerId} tells; {string.Join("; ", partitions)}.";
        }
        catch (KafkaException unanswered)
        {
            return $"No node told who leads: {unanswered.Error.Reason}.";
        }
    }

    private static IEnumerable<string> Complaints(string log) =>
        File.ReadLines(log)
            .Where(IsComplaint)
            .TakeLast(LinesTold)
            .Select(static line => line.Length > LongestLine ? line[..LongestLine] : line);

    // That a node which is down can't be reached says nothing, and is said often.
    private static bool IsComplaint(string line) =>
        (
            line.Contains(" WARN ", StringComparison.Ordinal)
                || line.Contains(" ERROR ", StringComparison.Ordinal) || line.Contains(" FATAL ", StringComparison.Ordinal))

            && !line.Contains(" NetworkClient ", StringComparison.Ordinal)
            && !line.Contains("Error in response for fetch request", StringComparison.Ordinal);
}
