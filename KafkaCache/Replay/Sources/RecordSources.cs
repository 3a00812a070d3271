using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Progress;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Replay.Sources;

/// <summary>Opens a <see cref="QueueSource"/>, or the slower <see cref="ConsumeSource"/> if the native queue can't be accessed.</summary>
internal static class RecordSources
{
    public static IRecordSource Open(
        IConsumer<byte[]?, byte[]?> consumer, string topic, IReadOnlyList<PartitionProgress> from, bool withHeaders, ILogger logger,
        Connections? connections = null)
    {
        try
        {
            return new QueueSource(consumer, topic, from, withHeaders, connections);
        }
        catch (Exception unreachable) when (unreachable is MissingMemberException or DllNotFoundException or EntryPointNotFoundException
            or TypeLoadException)
        {
            Log.BatchesUnavailable(logger, topic, unreachable.Message);
            return new ConsumeSource(consumer, topic, from, connections);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }
}
