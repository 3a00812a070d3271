using System.Buffers;
using KafkaCaching.EntityFrameworkCore.Results;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Writes results to bytes and back: version, tags, and for each command its key, columns, number of rows, cells.</summary>
internal sealed class CachedResultSerializer : IHybridCacheSerializer<CachedResult>
{
    private const byte Version = 1;

    public void Serialize(CachedResult value, IBufferWriter<byte> target)
    {
        target.Write([Version]);
        Cells.Write(target, value.Tags);
        Cells.Write(target, value.Commands.Length);
        foreach (var (key, rows) in value.Commands)
        {
            Cells.Write(target, key);
            Cells.Write(target, rows.Columns);
            Cells.Write(target, rows.Count);
            Cells.Write(target, rows.Cells.ToArray());
        }
    }

    public CachedResult Deserialize(ReadOnlySequence<byte> source)
    {
        var bytes = source.ToArray().AsSpan();
        if (bytes.IsEmpty || bytes[0] != Version)
            throw new FormatException("The result is in the format of another version.");
        var at = 1;
        var tags = (string[])Cells.Read(bytes, ref at)!;
        var commands = new CachedCommand[(int)Cells.Read(bytes, ref at)!];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = new CachedCommand(
                (string)Cells.Read(bytes, ref at)!,
                new CachedRows((string[])Cells.Read(bytes, ref at)!, (int)Cells.Read(bytes, ref at)!, (byte[])Cells.Read(bytes, ref at)!));
        }

        return new CachedResult(commands, tags);
    }
}
