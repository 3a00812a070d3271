using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Store.Entries;

/// <summary>The serialized form of an entry with its key, outside FASTER's log: <c>[key length 4][content length 4][partition 3, quarantine
/// 1] [header bytes 2, unused 2][offset 8][timestamp 8][deadline 8][key][content]</c>, little-endian.</summary>
internal static class PackedEntry
{
    public const int HeaderBytes = 40;

    private const int QuarantineShift = 24;

    /// <summary>Returns the size of a packed entry, which may exceed the range of an <see langword="int"/>.</summary>
    public static long Bytes(int keyLength, int contentLength) => HeaderBytes + (long)keyLength + contentLength;

    public static void Write(Span<byte> to, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], metadata.Partition | (metadata.Quarantine << QuarantineShift));
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], metadata.HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], metadata.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], metadata.TimestampMs);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], metadata.Deadline.Word);
        key.CopyTo(to[HeaderBytes..]);
        content.CopyTo(to[(HeaderBytes + key.Length)..]);
    }

    /// <summary>Reads the packed entry at the beginning of the given bytes. The bytes are not trusted.</summary>
    /// <returns>The size of the packed entry, or 0 if the bytes don't begin with a valid one.</returns>
    // Like all methods of a load, this one is fully optimized on its first call, because a load is over before tiered compilation would
    // optimize it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(
        ReadOnlySpan<byte> from, out ReadOnlySpan<byte> key, out EntryMetadata metadata, out ReadOnlySpan<byte> content)
    {
        key = content = default;
        metadata = default;
        if (from.Length < HeaderBytes)
            return 0;
        var keyLength = BinaryPrimitives.ReadInt32LittleEndian(from);
        var contentLength = BinaryPrimitives.ReadInt32LittleEndian(from[4..]);
        var origin = BinaryPrimitives.ReadInt32LittleEndian(from[8..]);
        var headerBytes = BinaryPrimitives.ReadInt32LittleEndian(from[12..]);
        if (keyLength < 0 || contentLength < 0 || Bytes(keyLength, contentLength) > from.Length)
            return 0;
        if ((uint)headerBytes > Math.Min(contentLength, ushort.MaxValue) || (uint)(origin >>> QuarantineShift) > EntryLayout.MaxQuarantine)
            return 0;
        metadata = new(
            origin & ((1 << QuarantineShift) - 1),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            (byte)(origin >>> QuarantineShift),
            new Deadline(BinaryPrimitives.ReadInt64LittleEndian(from[32..])),
            (ushort)headerBytes);
        if (!metadata.Deadline.IsPossible || metadata.TimestampMs is < -EntryLayout.MaxTimestampMs or > EntryLayout.MaxTimestampMs)
            return 0;
        key = from.Slice(HeaderBytes, keyLength);
        content = from.Slice(HeaderBytes + keyLength, contentLength);
        return HeaderBytes + keyLength + contentLength;
    }
}
