using System.Buffers;
using MessagePack;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Recipes;

/// <summary>Serializes values as MessagePack, which is smaller than JSON and faster to read. The type must have
/// <c>[MessagePackObject]</c>.</summary>
/// <remarks>The bytes come from a topic that other programs may write to, so they are treated as untrusted data: their nesting depth is
/// limited, and hash collisions can't be forced.</remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class MessagePackHybridSerializer<T> : IHybridCacheSerializer<T>
{
    private static readonly MessagePackSerializerOptions Options =
        MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData);

    /// <inheritdoc/>
    public T Deserialize(ReadOnlySequence<byte> source) => MessagePackSerializer.Deserialize<T>(source, Options);

    /// <inheritdoc/>
    public void Serialize(T value, IBufferWriter<byte> target) => MessagePackSerializer.Serialize(target, value, Options);
}
