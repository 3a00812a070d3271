using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Capture;

/// <summary>A ring of packed entries from the writer to the one thread that reads a capture. The entries that the writer adds become
/// visible when it publishes them.</summary>
internal sealed class EntryRing(int bytes)
{
    private const int PrefixBytes = sizeof(int);
    private const int Wraps = -1;

    private readonly byte[] _ring = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)bytes));
    private long _taken;
    private long _visible;
    private long _next;

    /// <summary>Whether everything that became visible has been taken. Safe to read from any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _taken) == Volatile.Read(ref _visible);

    /// <summary>Adds an entry. Called by the writer only.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        var needed = PackedEntry.Bytes(key.Length, content.Length) + PrefixBytes;
        var rest = _ring.Length - At(_next);
        var skipped = rest < needed ? rest : 0;
        if (_next + skipped + needed - Volatile.Read(ref _taken) > _ring.Length)
            return false;
        if (skipped >= PrefixBytes)
            BinaryPrimitives.WriteInt32LittleEndian(_ring.AsSpan(At(_next)), Wraps);
        _next += skipped;
        var to = _ring.AsSpan(At(_next), (int)needed);
        BinaryPrimitives.WriteInt32LittleEndian(to, (int)needed - PrefixBytes);
        PackedEntry.Write(to[PrefixBytes..], key, metadata, content);
        _next += needed;
        return true;
    }

    /// <summary>Makes the added entries visible. Called by the writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        if (_visible != _next)
            Volatile.Write(ref _visible, _next);
    }

    /// <summary>Takes back the added entries that are not visible yet. Called by the writer only.</summary>
    public void Withdraw() => _next = _visible;

    /// <summary>Returns the oldest packed entry that has not been taken yet. The bytes remain valid until <see cref="Take"/>. Called on the
    /// reading thread only.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> packed)
    {
        packed = default;
        if (_taken == Volatile.Read(ref _visible))
            return false;
        var rest = _ring.Length - At(_taken);
        if (rest < PrefixBytes || BinaryPrimitives.ReadInt32LittleEndian(_ring.AsSpan(At(_taken))) == Wraps)
            Volatile.Write(ref _taken, _taken + rest);
        packed = _ring.AsSpan(At(_taken) + PrefixBytes, BinaryPrimitives.ReadInt32LittleEndian(_ring.AsSpan(At(_taken))));
        return true;
    }

    /// <summary>Removes the entry that was peeked at, which makes room for others. Called on the reading thread only.</summary>
    public void Take(ReadOnlySpan<byte> packed) => Volatile.Write(ref _taken, _taken + PrefixBytes + packed.Length);

    private int At(long position) => (int)(position & (_ring.Length - 1));
}
