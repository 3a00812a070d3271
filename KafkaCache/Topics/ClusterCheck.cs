using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Native;

namespace KafkaCaching.Topics;

/// <summary>Asks whether any broker answers, once one has not. An admin request that waits for a broker that is down keeps librdkafka
/// busy, at a third of a core (seen with 2.15.1); a metadata request waits quietly.</summary>
internal sealed unsafe class ClusterCheck(IAdminClient admin)
{
    private const int NoTopics = 0;

    // Without the handle the admin requests do their work all the same.
    private readonly SafeHandle? _client = NativeHandle.TryOf(admin);

    /// <summary>Asks for the brokers alone, no topics: naming one could create it.</summary>
    public Task<ClusterAnswer> AskAsync(TimeSpan timeout)
    {
        if (_client is null)
            return Task.FromResult(new ClusterAnswer(ErrorCode.NoError, []));
        return Task.Factory.StartNew(
            () => Ask((int)timeout.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private ClusterAnswer Ask(int timeoutMs)
    {
        ErrorCode error;
        Librdkafka.Brokers* brokers;
        try
        {
            error = Librdkafka.Metadata(_client!, NoTopics, 0, out brokers, timeoutMs);
        }
        catch (ObjectDisposedException)
        {
            return new ClusterAnswer(ErrorCode.Local_Destroy, []);
        }

        // A call under way keeps the native client beyond Dispose; without this, not the callbacks that it still makes.
        GC.KeepAlive(admin);
        if (error != ErrorCode.NoError)
            return new ClusterAnswer(error, []);
        try
        {
            return new ClusterAnswer(error, Addresses(brokers));
        }
        finally
        {
            Librdkafka.DestroyMetadata(brokers);
        }
    }

    private static string[] Addresses(Librdkafka.Brokers* brokers)
    {
        var addresses = new string[brokers->Count];
        for (var i = 0; i < addresses.Length; i++)
            addresses[i] = string.Create(
                CultureInfo.InvariantCulture, $"{Marshal.PtrToStringUTF8(brokers->First[i].Host)}:{brokers->First[i].Port}");
        return addresses;
    }
}
