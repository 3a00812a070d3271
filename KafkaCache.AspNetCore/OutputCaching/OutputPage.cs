using System.Buffers;
using System.ComponentModel;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.AspNetCore.OutputCaching;

/// <summary>A stored response, as the output cache serialized it. The bytes are immutable, so all hits share them.</summary>
[ImmutableObject(true)]
internal sealed class OutputPage(byte[] bytes)
{
    public byte[] Bytes => bytes;
}

/// <inheritdoc cref="OutputPage"/>
internal sealed class OutputPageSerializer : IHybridCacheSerializer<OutputPage>
{
    public OutputPage Deserialize(ReadOnlySequence<byte> source) => new(source.ToArray());

    public void Serialize(OutputPage value, IBufferWriter<byte> target) => target.Write(value.Bytes);
}
