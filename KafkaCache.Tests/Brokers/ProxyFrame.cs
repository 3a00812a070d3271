using System.Buffers.Binary;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A request or response that passes through a <see cref="FaultProxy"/>: its length, header and body. The bytes may be
/// changed.</summary>
/// <param name="Connection">The number of the connection, from 1.</param>
/// <param name="IsResponse">Whether the frame is a response from the node.</param>
/// <param name="Api">The API of the request.</param>
/// <param name="Bytes">The whole frame.</param>
internal sealed record ProxyFrame(int Connection, bool IsResponse, KafkaApi Api, byte[] Bytes)
{
    public const int LengthSize = sizeof(int);

    public bool Is(KafkaApi api, bool response) => Api == api && IsResponse == response;

    /// <summary>Reads the API key of a request, which follows its length.</summary>
    public static KafkaApi ApiOf(byte[] request) => (KafkaApi)BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(LengthSize));

    /// <summary>Reads the correlation ID, which a response has in common with its request. It follows the API key and version in a request,
    /// and the length in a response.</summary>
    public static int CorrelationOf(byte[] frame, bool isResponse) =>
        BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(isResponse ? LengthSize : LengthSize + (2 * sizeof(short))));
}
