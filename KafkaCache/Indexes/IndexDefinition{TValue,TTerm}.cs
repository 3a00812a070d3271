using System.Reflection;
using System.Runtime.InteropServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>The definition of an index, with the function that returns an entry's terms.</summary>
internal abstract class IndexDefinition<TValue, TTerm>(string name, bool isUnique)
    : CacheIndex<TTerm>(name, isUnique), IIndexDefinition<TValue>
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    public abstract Module Code { get; }

    public abstract void AddHashes(TValue value, List<ulong> hashes);

    /// <summary>Whether a value has a term. Hashes are not sufficient for this, because different terms may have the same hash.</summary>
    public abstract bool Has(TValue value, TTerm term);

    // A string's own hash code has only 32 bits, so among a million strings, about a hundred pairs would have the same hash code.
    public static ulong HashOf(TTerm term) => term is string text
        ? KeyHash.Of(MemoryMarshal.AsBytes(text.AsSpan()))
        : (ulong)(uint)EqualityComparer<TTerm>.Default.GetHashCode(term!) * Spread;

    protected static bool AreEqual(TTerm one, TTerm other) => EqualityComparer<TTerm>.Default.Equals(one, other);
}

/// <summary>The definition of an index with at most one term for each entry.</summary>
internal sealed class UniqueDefinition<TValue, TTerm>(string name, Func<TValue, TTerm> select)
    : IndexDefinition<TValue, TTerm>(name, isUnique: true)
{
    public override Module Code => select.Method.Module;

    public override void AddHashes(TValue value, List<ulong> hashes)
    {
        if (select(value) is { } term)
            hashes.Add(HashOf(term));
    }

    public override bool Has(TValue value, TTerm term) => select(value) is { } own && AreEqual(own, term);
}

/// <summary>The definition of an index with any number of terms for each entry.</summary>
internal sealed class MultiDefinition<TValue, TTerm>(string name, Func<TValue, IEnumerable<TTerm>?> select)
    : IndexDefinition<TValue, TTerm>(name, isUnique: false)
{
    public override Module Code => select.Method.Module;

    public override void AddHashes(TValue value, List<ulong> hashes)
    {
        var terms = select(value) ?? [];
        HashSet<ulong>? seen = null;
        if (terms is TTerm[] array) // Enumerating an array allocates nothing.
        {
            foreach (var term in array)
                AddHash(term, hashes, ref seen);
            return;
        }

        foreach (var term in terms)
            AddHash(term, hashes, ref seen);
    }

    public override bool Has(TValue value, TTerm term)
    {
        foreach (var own in select(value) ?? [])
        {
            if (own is not null && AreEqual(own, term))
                return true;
        }

        return false;
    }

    private static void AddHash(TTerm term, List<ulong> hashes, ref HashSet<ulong>? seen)
    {
        if (term is null)
            return;
        var hash = HashOf(term);
        if (seen is null ? hashes.Contains(hash) : !seen.Add(hash))
            return;
        hashes.Add(hash);
        if (seen is null && hashes.Count > IndexSet.FewTerms)
            seen = [.. hashes];
    }
}
