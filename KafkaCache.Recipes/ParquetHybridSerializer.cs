using System.Buffers;
using Microsoft.Extensions.Caching.Hybrid;
using Parquet.Serialization;

namespace KafkaCaching.Recipes;

/// <summary>Serializes lists of rows as a Parquet file. Each column is compressed separately, which makes long lists small.</summary>
/// <remarks>Parquet.Net has only asynchronous methods. On a memory stream, they have completed when they return, so they block no thread
/// here.</remarks>
/// <typeparam name="T">The type of the rows, with public properties.</typeparam>
public sealed class ParquetHybridSerializer<T> : IHybridCacheSerializer<IReadOnlyList<T>>
    where T : class, new()
{
    /// <inheritdoc/>
    public IReadOnlyList<T> Deserialize(ReadOnlySequence<byte> source)
    {
        using var stream = new MemoryStream(source.ToArray(), writable: false);
        return [.. ParquetSerializer.DeserializeAsync<T>(stream).GetAwaiter().GetResult().Data];
    }

    /// <inheritdoc/>
    public void Serialize(IReadOnlyList<T> value, IBufferWriter<byte> target)
    {
        using var stream = new MemoryStream();
        ParquetSerializer.SerializeAsync(value, stream).GetAwaiter().GetResult();
        target.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
