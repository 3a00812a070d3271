using System.Numerics;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Eviction;

/// <summary>Remembers which keys have been read lately: one bit for each hash of a key, in two tables that take turns. Keys that share a
/// bit are remembered together, which now and then keeps an entry that nobody reads.</summary>
internal sealed class RecentReads(long memoryBudget)
{
    // With an entry for every 64 bytes of the budget, one bit for each: both tables take a 256th of the budget.
    private const int BytesForABit = 64;

    private int[] _current = NewTable(memoryBudget);
    private int[] _previous = NewTable(memoryBudget);

    /// <summary>Any thread.</summary>
    public void Note(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        ref var word = ref WordOf(Volatile.Read(ref _current), hash);
        // Most reads find their bit set, and leave the cache line as it is.
        if ((Volatile.Read(ref word) & BitOf(hash)) == 0)
            Interlocked.Or(ref word, BitOf(hash));
    }

    /// <summary>Writer only.</summary>
    public bool Contains(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        return ((WordOf(_current, hash) | WordOf(_previous, hash)) & BitOf(hash)) != 0;
    }

    /// <summary>Writer only. Forgets the reads before the last call. A read that is noted at this very moment may count as one of the time
    /// before or after.</summary>
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
