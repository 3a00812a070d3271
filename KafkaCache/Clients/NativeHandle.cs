using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>librdkafka's own handle of a Confluent client, for the few calls that Confluent.Kafka does not offer.</summary>
internal static class NativeHandle
{
    /// <exception cref="MissingMemberException">This Confluent.Kafka keeps its handle elsewhere.</exception>
    public static SafeHandle Of(IClient client) => HandleOf(client.Handle);

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

    // By reflection, once a client: an accessor would have to name the type, and to read a type's name takes .NET 15 ms the first time.
    private static SafeHandle HandleOf(Handle handle) =>
        typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(handle) as SafeHandle
        ?? throw new MissingMemberException("This Confluent.Kafka keeps librdkafka's handle elsewhere.");
}
