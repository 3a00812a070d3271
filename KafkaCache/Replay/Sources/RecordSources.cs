using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Replay.Sources;

/// <summary>Opens the faster source, or the plain one where the native queue can't be reached.</summary>
internal static class RecordSources
{
    public static IRecordSource Open(
        Func<IConsumer<byte[]?, byte[]?>> openConsumer, string topic, IReadOnlyList<PartitionProgress> from, bool withHeaders, ILogger logger)
    {
        var consumer = openConsumer();
        try
        {
            return new QueueSource(consumer, topic, from, withHeaders);
        }
        catch (Exception unreachable) when (unreachable is MissingMemberException or DllNotFoundException or EntryPointNotFoundException or TypeLoadException)
        {
            Log.BatchesUnavailable(logger, topic, unreachable.Message);
            return new ConsumeSource(consumer, topic, from);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }
}
