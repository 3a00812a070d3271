using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>What a generation had read when a snapshot of it was captured.</summary>
/// <param name="Topic">The topic that it replayed.</param>
/// <param name="Logs">The logs that it had read.</param>
/// <param name="Starts">The offsets from which it had read.</param>
/// <param name="Below">The offsets up to which it had read.</param>
/// <param name="HasForeignRecords">Whether the generation had read another topic by mistake, which its poller had not detected yet.</param>
internal sealed record CapturedMoment(ModelTopic Topic, ModelPartition[] Logs, long[] Starts, long[] Below, bool HasForeignRecords)
{
    public static CapturedMoment Of(ModelCache cache, long[] below)
    {
        var generation = cache.State.Current!;
        var read = cache.GenerationOf(generation);
        return new CapturedMoment(
            read.Topic, [.. read.Logs.Take(below.Length)],
            [.. Enumerable.Range(0, below.Length).Select(partition => cache.StartOf(generation, partition))], [.. below],
            read.HasForeignRecords);
    }
}
