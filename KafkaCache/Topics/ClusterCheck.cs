using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Native;
using KafkaCaching.Waiting;

namespace KafkaCaching.Topics;

/// <summary>Checks whether any broker answers, after a request has not been answered. An admin request that waits for a broker that is down
/// keeps librdkafka busy, at a third of a core (seen with 2.15.1); a metadata request waits without load.</summary>
internal sealed unsafe class ClusterCheck(IAdminClient admin)
{
    private const int NoTopics = 0;

    // When the handle is not available, the check is skipped, and the admin requests still work.
    private readonly SafeHandle? _client = NativeHandle.TryOf(admin);

    /// <summary>Asks only for the brokers and for no topics, because naming a topic could create it.</summary>
    public Task<ClusterAnswer> AskAsync(TimeSpan timeout)
    {
        if (_client is null)
            return Task.FromResult(new ClusterAnswer(ErrorCode.NoError, []));
        return Blocking.RunAsync(() => Ask((int)timeout.TotalMilliseconds));
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

        // A call in progress keeps the native client alive beyond Dispose. Without this line, the callbacks that the client still makes
        // would not be kept alive.
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
