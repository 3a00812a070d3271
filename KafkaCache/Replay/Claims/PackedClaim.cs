using System.Buffers;
using System.Buffers.Binary;

namespace KafkaCaching.Replay.Claims;

/// <summary>The content of a packed entry that holds a claim or a head: <c>[kind 1]</c>, and then the value of a claim, or the entries of a
/// head, each as <c>[key length 4][value length 4][key][value]</c>, little-endian. A value that the head does not hold has the length
/// -1.</summary>
internal static class PackedClaim
{
    private const int NoValue = -1;
    private const int LengthBytes = 2 * sizeof(int);

    public static void WriteLost(IBufferWriter<byte> to, ReadOnlySpan<byte> value)
    {
        WriteKind(to, ClaimKind.Lost);
        to.Write(value);
    }

    public static void WriteHead(IBufferWriter<byte> to, Head head, bool isLatest)
    {
        WriteKind(to, isLatest ? ClaimKind.LatestHead : ClaimKind.OlderHead);
        foreach (ref readonly var entry in head.Entries.AsSpan())
        {
            // The values of the latest head are in the store, or among the losing claims.
            var value = isLatest ? null : entry.Value;
            var lengths = to.GetSpan(LengthBytes);
            BinaryPrimitives.WriteInt32LittleEndian(lengths, entry.Key.Length);
            BinaryPrimitives.WriteInt32LittleEndian(lengths[sizeof(int)..], value?.Length ?? NoValue);
            to.Advance(LengthBytes);
            to.Write(entry.Key);
            to.Write(value);
        }
    }

    /// <summary>Reads the kind from the first byte. The bytes are not trusted.</summary>
    /// <returns>Whether the bytes begin with a valid kind.</returns>
    public static bool TryReadKind(ReadOnlySpan<byte> from, out ClaimKind kind)
    {
        kind = from.IsEmpty ? default : (ClaimKind)from[0];
        return !from.IsEmpty && kind <= ClaimKind.OlderHead;
    }

    /// <summary>Reads the value of a losing claim.</summary>
    public static ReadOnlySpan<byte> ReadLost(ReadOnlySpan<byte> from) => from[1..];

    /// <summary>Reads the entries of a head. The bytes are not trusted.</summary>
    /// <returns>The entries, or <see langword="null"/> if the bytes are not valid.</returns>
    public static YieldedEntry[]? ReadHead(ReadOnlySpan<byte> from, bool isLatest)
    {
        var entries = new List<YieldedEntry>();
        for (from = from[1..]; from.Length > 0;)
        {
            if (from.Length < LengthBytes)
                return null;
            var keyLength = BinaryPrimitives.ReadInt32LittleEndian(from);
            var valueLength = BinaryPrimitives.ReadInt32LittleEndian(from[sizeof(int)..]);
            from = from[LengthBytes..];
            if (keyLength < 0 || keyLength > from.Length || isLatest != (valueLength == NoValue))
                return null;
            var key = from[..keyLength].ToArray();
            from = from[keyLength..];
            if (isLatest)
                valueLength = 0;
            if (valueLength < 0 || valueLength > from.Length)
                return null;
            entries.Add(new YieldedEntry(key, isLatest ? null : from[..valueLength].ToArray()));
            from = from[valueLength..];
        }

        return [.. entries];
    }

    private static void WriteKind(IBufferWriter<byte> to, ClaimKind kind)
    {
        to.GetSpan(1)[0] = (byte)kind;
        to.Advance(1);
    }
}

/// <summary>The kinds of packed entries that exist only with a resolver.</summary>
internal enum ClaimKind : byte
{
    /// <summary>A losing claim, stored under the key that it claims.</summary>
    Lost,

    /// <summary>The latest head of a record key, stored under the record key.</summary>
    LatestHead,

    /// <summary>The next older head of the same record key.</summary>
    OlderHead,
}
