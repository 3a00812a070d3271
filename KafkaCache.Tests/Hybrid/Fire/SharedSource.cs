using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>The data source of the caches of several processes: a number for each key, in a memory-mapped file. For each key, it also
/// contains the number of the last acknowledged invalidation and its positions, as in the position header of a response.</summary>
/// <remarks>Each key has one writer. It first increases the number, then invalidates, and then stores the positions and finally the number
/// of the acknowledged invalidation. So a reader that sees the number also sees its positions or later ones.</remarks>
internal sealed unsafe class SharedSource : IDisposable
{
    private const int Longs = 4;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _numbers;

    public SharedSource(string path, int keys)
    {
        var bytes = (long)keys * Longs * sizeof(long);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, bytes);
        _view = _file.CreateViewAccessor(0, bytes);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _numbers = (long*)start;
    }

    /// <summary>Reads the source.</summary>
    public long Read(int key) => Volatile.Read(ref At(key, 0));

    /// <summary>Increases the number of a key. Only the key's writer calls this.</summary>
    public long Raise(int key) => Interlocked.Increment(ref At(key, 0));

    public void NoteAcknowledged(int key, long number, IReadOnlyList<CachePosition> positions)
    {
        Volatile.Write(ref At(key, 1), Packed(positions, 0));
        Volatile.Write(ref At(key, 2), Packed(positions, 1));
        Volatile.Write(ref At(key, 3), number);
    }

    /// <summary>The lowest number that a read of the key may return after these positions have been applied.</summary>
    public (long Number, IReadOnlyList<CachePosition> Positions) Acknowledged(int key)
    {
        var number = Volatile.Read(ref At(key, 3));
        long[] both = [Volatile.Read(ref At(key, 1)), Volatile.Read(ref At(key, 2))];
        return (number, [.. both.Where(static one => one != 0).Select(Unpacked)]);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    // 0 means that there is no position.
    private static long Packed(IReadOnlyList<CachePosition> positions, int index) =>
        index < positions.Count ? ((long)(positions[index].Partition + 1) << 48) | positions[index].Offset : 0;

    private static CachePosition Unpacked(long packed) => new((int)(packed >> 48) - 1, packed & ((1L << 48) - 1));

    private ref long At(int key, int which) => ref _numbers[(key * Longs) + which];
}
