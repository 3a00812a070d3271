using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Native;
using KafkaCaching.Waiting;

namespace KafkaCaching.Topics;

/// <summary>Checks whether any broker answers, after another request has not been answered. It uses a metadata request, because an admin
/// request that waits for an unreachable broker makes librdkafka use a third of a processor core (observed with 2.15.1).</summary>
internal sealed unsafe class ClusterCheck(IAdminClient admin)
{
    private const int NoTopics = 0;

    // If the handle is not accessible, the check is skipped. Admin requests still work.
    private readonly SafeHandle? _client = NativeHandle.TryOf(admin);

    /// <summary>Requests metadata of the brokers only, because a request that names a topic could create it.</summary>
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

        // A call in progress keeps the native client alive beyond Dispose. This line keeps the delegates alive that the native client may
        // still call.
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
