using System.Buffers;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Serializes rows as version, columns, number of rows and cells.</summary>
internal sealed class CachedRowsSerializer : IHybridCacheSerializer<CachedRows>
{
    private const byte Version = 1;

    public void Serialize(CachedRows value, IBufferWriter<byte> target)
    {
        target.Write([Version]);
        Cells.Write(target, value.Columns.Length);
        foreach (var column in value.Columns)
            Cells.Write(target, column);
        Cells.Write(target, value.Count);
        target.Write(value.Cells.Span);
    }

    public CachedRows Deserialize(ReadOnlySequence<byte> source)
    {
        ReadOnlyMemory<byte> bytes = source.ToArray();
        if (bytes.IsEmpty || bytes.Span[0] != Version)
            throw new FormatException("The rows are in the format of another version.");
        var at = 1;
        var columns = new string[(int)Cells.Read(bytes.Span, ref at)!];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = (string)Cells.Read(bytes.Span, ref at)!;
        var rows = (int)Cells.Read(bytes.Span, ref at)!;
        return new CachedRows(columns, rows, bytes[at..]);
    }
}
