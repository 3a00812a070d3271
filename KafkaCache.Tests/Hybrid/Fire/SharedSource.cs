using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>The source behind the caches of several processes: a number for each key, in a file that all of them map. Beside it is what has
/// been invalidated and acknowledged, with the positions of the invalidation, as the header of an answer has them.</summary>
/// <remarks>Each key has one writer. It raises the number first, invalidates, and notes positions and number of the acknowledged
/// invalidation last; so a reader that sees the number sees those positions or later ones.</remarks>
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

    /// <summary>Changes the source. Only the key's writer does.</summary>
    public long Raise(int key) => Interlocked.Increment(ref At(key, 0));

    public void NoteAcknowledged(int key, long number, IReadOnlyList<CachePosition> positions)
    {
        Volatile.Write(ref At(key, 1), Packed(positions, 0));
        Volatile.Write(ref At(key, 2), Packed(positions, 1));
        Volatile.Write(ref At(key, 3), number);
    }

    /// <summary>What every read of the key must at least be, where these positions have been applied.</summary>
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

    // 0 is no position.
    private static long Packed(IReadOnlyList<CachePosition> positions, int index) =>
        index < positions.Count ? ((long)(positions[index].Partition + 1) << 48) | positions[index].Offset : 0;

    private static CachePosition Unpacked(long packed) => new((int)(packed >> 48) - 1, packed & ((1L << 48) - 1));

    private ref long At(int key, int which) => ref _numbers[(key * Longs) + which];
}
