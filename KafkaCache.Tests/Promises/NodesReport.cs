using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Writes the state of the nodes to the test's output when the test ends: leaders, in-sync replicas, and the latest warnings and
/// errors of each node.</summary>
internal sealed class NodesReport(TestKafka kafka, string directory, string topic) : IAsyncDisposable
{
    private const int LinesTold = 15;
    private const int MaxLineLength = 240;

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
            .Select(static line => line.Length > MaxLineLength ? line[..MaxLineLength] : line);

    // Frequent messages about a node that can't be reached are left out.
    private static bool IsComplaint(string line) =>
        (
            line.Contains(" WARN ", StringComparison.Ordinal)
                || line.Contains(" ERROR ", StringComparison.Ordinal) || line.Contains(" FATAL ", StringComparison.Ordinal))

            && !line.Contains(" NetworkClient ", StringComparison.Ordinal)
            && !line.Contains("Error in response for fetch request", StringComparison.Ordinal);
}
