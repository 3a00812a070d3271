using System.Buffers.Binary;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>One request or response on its way through a <see cref="FaultProxy"/>: its length, its header, its body. The bytes may be
/// changed.</summary>
/// <param name="Connection">The number of the connection, from 1.</param>
/// <param name="IsResponse">Whether it comes from the node.</param>
/// <param name="Api">What is asked, or was.</param>
/// <param name="Bytes">All of it.</param>
internal sealed record ProxyFrame(int Connection, bool IsResponse, KafkaApi Api, byte[] Bytes)
{
    public const int LengthSize = sizeof(int);

    public bool Is(KafkaApi api, bool response) => Api == api && IsResponse == response;

    /// <summary>The API key of a request stands after its length.</summary>
    public static KafkaApi ApiOf(byte[] request) => (KafkaApi)BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(LengthSize));

    /// <summary>It ties a response to its request: after the API's key and version in the one, after the length in the other.</summary>
    public static int CorrelationOf(byte[] frame, bool isResponse) =>
        BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(isResponse ? LengthSize : LengthSize + (2 * sizeof(short))));
}
