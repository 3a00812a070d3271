using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Topics;

/// <summary>Asks whether any broker answers, once one has not. An admin request that waits for a broker that is down keeps librdkafka
/// busy, at a third of a core (seen with 2.15.1); a metadata request waits quietly.</summary>
internal sealed partial class ClusterCheck(IAdminClient admin)
{
    private const int NoTopics = 0;

    // Without the handle the admin requests do their work all the same.
    private readonly SafeHandle? _client = NativeHandle.TryOf(admin);

    /// <summary>Asks for the brokers alone, no topics: naming one could create it.</summary>
    /// <returns>What is wrong, or <see cref="ErrorCode.NoError"/>.</returns>
    public Task<ErrorCode> AskAsync(TimeSpan timeout)
    {
        if (_client is null)
            return Task.FromResult(ErrorCode.NoError);
        return Task.Factory.StartNew(
            () => Ask((int)timeout.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private ErrorCode Ask(int timeoutMs)
    {
        var error = Metadata(_client!, NoTopics, 0, out var metadata, timeoutMs);

        // A call under way keeps the native client beyond Dispose; without this, not the callbacks that it still makes.
        GC.KeepAlive(admin);
        if (error == ErrorCode.NoError)
            Destroy(metadata);
        return error;
    }

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_metadata")]
    private static partial ErrorCode Metadata(SafeHandle client, int allTopics, nint onlyTopic, out nint metadata, int timeoutMs);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_metadata_destroy")]
    private static partial void Destroy(nint metadata);
}
