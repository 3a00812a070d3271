using System.Buffers;
using KafkaCaching.EntityFrameworkCore.Results;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Serializes results as version, ID, tags, and for each command its key, columns, number of rows and cells.</summary>
internal sealed class CachedResultSerializer : IHybridCacheSerializer<CachedResult>
{
    private const byte Version = 1;

    public static CachedResult Create(string[] tags, IReadOnlyCollection<CachedCommand> commands)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        Cells.Write(bytes, commands.Count);
        foreach (var (key, rows) in commands)
        {
            Cells.Write(bytes, key);
            Cells.Write(bytes, rows.Columns);
            Cells.Write(bytes, rows.Count);
            Cells.Write(bytes, rows.Cells.ToArray());
        }

        return new CachedResult(Guid.NewGuid(), tags, bytes.WrittenMemory);
    }

    public static CachedCommand[] CommandsOf(CachedResult result)
    {
        var bytes = result.Commands.Span;
        var at = 0;
        var commands = new CachedCommand[(int)Cells.Read(bytes, ref at)!];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = new CachedCommand(
                (string)Cells.Read(bytes, ref at)!,
                new CachedRows((string[])Cells.Read(bytes, ref at)!, (int)Cells.Read(bytes, ref at)!, (byte[])Cells.Read(bytes, ref at)!));
        }

        return commands;
    }

    public void Serialize(CachedResult value, IBufferWriter<byte> target)
    {
        target.Write([Version]);
        Cells.Write(target, value.Id);
        Cells.Write(target, value.Tags);
        target.Write(value.Commands.Span);
    }

    public CachedResult Deserialize(ReadOnlySequence<byte> source)
    {
        ReadOnlyMemory<byte> bytes = source.ToArray();
        if (bytes.IsEmpty || bytes.Span[0] != Version)
            throw new FormatException("The result is in the format of another version.");
        var at = 1;
        return new CachedResult(
            (Guid)Cells.Read(bytes.Span, ref at)!, (string[])Cells.Read(bytes.Span, ref at)!, bytes[at..]);
    }
}
