using System.Numerics;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Eviction;

/// <summary>Remembers which keys have been read recently, with one bit for each hash, in two tables that alternate. Keys may share a bit,
/// so an entry that has not been read is sometimes kept.</summary>
internal sealed class RecentReads(long memoryBudget)
{
    // There is one bit for every 64 bytes of the budget, which is enough even if all entries are that small. Both tables together take a
    // 256th of the budget.
    private const int BytesForABit = 64;

    private int[] _current = NewTable(memoryBudget);
    private int[] _previous = NewTable(memoryBudget);

    /// <summary>Records a read. Safe to call from any thread.</summary>
    public void Note(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        ref var word = ref WordOf(Volatile.Read(ref _current), hash);
        // Most reads find their bit already set, and then don't write to the cache line.
        if ((Volatile.Read(ref word) & BitOf(hash)) == 0)
            Interlocked.Or(ref word, BitOf(hash));
    }

    /// <summary>Whether a key was read recently. Called by the writer only.</summary>
    public bool Contains(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        return ((WordOf(_current, hash) | WordOf(_previous, hash)) & BitOf(hash)) != 0;
    }

    /// <summary>Forgets the reads before the previous call. A read that is recorded concurrently may count as before or after this call.
    /// Called by the writer only.</summary>
    public void ForgetOlder()
    {
        var older = _previous;
        Array.Clear(older);
        _previous = _current;
        Volatile.Write(ref _current, older);
    }

    private static int[] NewTable(long memoryBudget) =>
        new int[BitOperations.RoundUpToPowerOf2((ulong)Math.Max(memoryBudget / BytesForABit / 32, 1024))];

    private static int BitOf(ulong hash) => 1 << (int)(hash & 31);

    private static ref int WordOf(int[] table, ulong hash) => ref table[(hash >> 5) & (ulong)(table.Length - 1)];
}
