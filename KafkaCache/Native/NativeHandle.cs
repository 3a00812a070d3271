using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace KafkaCaching.Native;

/// <summary>Gets the librdkafka handle of a Confluent client, for the few functions that Confluent.Kafka does not expose.</summary>
internal static class NativeHandle
{
    /// <exception cref="MissingMemberException">This version of Confluent.Kafka keeps its handle elsewhere.</exception>
    public static SafeHandle Of(IClient client) =>
        TryOf(client) ?? throw new MissingMemberException("This version of Confluent.Kafka keeps librdkafka's handle elsewhere.");

    /// <returns>The handle, or <see langword="null"/> if this version of Confluent.Kafka keeps it elsewhere.</returns>
    // The handle is read by reflection, once per client. An unsafe accessor would have to specify the type by name, and .NET takes 15 ms to
    // resolve the first type name.
    public static SafeHandle? TryOf(IClient client) =>
        typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            ?.GetValue(client.Handle) as SafeHandle;
}
