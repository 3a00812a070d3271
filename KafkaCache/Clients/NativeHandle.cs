using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>librdkafka's own handle of a Confluent client, for the few calls that Confluent.Kafka does not offer.</summary>
internal static class NativeHandle
{
    /// <exception cref="MissingMemberException">This Confluent.Kafka keeps its handle elsewhere.</exception>
    public static SafeHandle Of(IClient client) => (SafeHandle)HandleOf(client.Handle);

    /// <returns>The handle, or <see langword="null"/> where this Confluent.Kafka keeps it elsewhere.</returns>
    public static SafeHandle? TryOf(IClient client)
    {
        try
        {
            return Of(client);
        }
        catch (Exception unreachable) when (unreachable is MissingMemberException or TypeLoadException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object HandleOf(Handle handle);
}
