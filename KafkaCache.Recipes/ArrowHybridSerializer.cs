using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Recipes;

/// <summary>Serializes in-memory tables as Arrow files (Feather, version 2), with one record batch each.</summary>
public sealed class ArrowHybridSerializer : IHybridCacheSerializer<RecordBatch>
{
    /// <inheritdoc/>
    public RecordBatch Deserialize(ReadOnlySequence<byte> source)
    {
        using var stream = new MemoryStream(source.ToArray(), writable: false);
        using var reader = new ArrowFileReader(stream);
        return reader.ReadNextRecordBatch() ?? throw new InvalidDataException("The Arrow file has no record batch.");
    }

    /// <inheritdoc/>
    public void Serialize(RecordBatch value, IBufferWriter<byte> target)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowFileWriter(stream, value.Schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(value);
            writer.WriteEnd();
        }

        target.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
