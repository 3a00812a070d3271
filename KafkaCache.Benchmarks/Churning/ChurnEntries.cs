using System.Runtime.InteropServices;
using System.Text;

namespace KafkaCaching.Benchmarks.Churning;

/// <summary>The changing keys and their versions. A version is announced before its write and settled after it, so that a concurrent reader
/// knows which values it may find. Odd versions are removals.</summary>
internal sealed class ChurnEntries(int keys)
{
    public const int MaxValueLength = 350;
    private const int ShortestValue = 50;
    private const int HeaderBytes = 12; // The key number, the version, and a checksum of the remaining bytes.

    private readonly byte[][] _keys = [.. Enumerable.Range(0, keys).Select(static number => Encoding.UTF8.GetBytes(Workload.Key(number)))];
    private readonly int[] _issued = new int[keys];
    private readonly int[] _announced = new int[keys];
    private readonly int[] _settled = new int[keys];
    private int _current;

    public int Count => _keys.Length;

    public ReadOnlySpan<byte> Key(int number) => _keys[number];

    public int NextVersion(int number, bool remove) => _issued[number] = (((_issued[number] >> 1) + 1) << 1) | (remove ? 1 : 0);

    /// <summary>The key that is being written, or was written last.</summary>
    public int Current => Volatile.Read(ref _current);

    public void Announce(int number, int version)
    {
        Volatile.Write(ref _announced[number], version);
        Volatile.Write(ref _current, number);
    }

    public void Settle(int number, int version) => Volatile.Write(ref _settled[number], version);

    public int Settled(int number) => Volatile.Read(ref _settled[number]);

    public int Announced(int number) => Volatile.Read(ref _announced[number]);

    /// <summary>Writes a value of random length and content. Returns its length.</summary>
    public static int WriteValue(Span<byte> room, int number, int version, Random random)
    {
        var value = room[..random.Next(ShortestValue, MaxValueLength + 1)];
        random.NextBytes(value[HeaderBytes..]);
        MemoryMarshal.Write(value, number);
        MemoryMarshal.Write(value[4..], version);
        MemoryMarshal.Write(value[8..], Checksum(value));
        return value.Length;
    }

    /// <summary>Whether the result of a read is valid, given the settled version when the read began and the announced version when it
    /// ended.</summary>
    public static bool IsRight(bool found, ReadOnlySpan<byte> value, int number, int settled, int announced)
    {
        if (!found)
            return (settled & 1) == 1 || announced != settled;
        if (value.Length < ShortestValue
            || MemoryMarshal.Read<int>(value) != number || MemoryMarshal.Read<int>(value[8..]) != Checksum(value))
            return false;
        var version = MemoryMarshal.Read<int>(value[4..]);
        return (version & 1) == 0 && version >= settled && version <= announced;
    }

    private static int Checksum(ReadOnlySpan<byte> value)
    {
        var hash = new HashCode();
        hash.AddBytes(value[..8]);
        hash.AddBytes(value[HeaderBytes..]);
        return hash.ToHashCode();
    }
}
