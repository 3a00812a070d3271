using KafkaCaching.Indexes;

namespace KafkaCaching;

/// <summary>The indexes of a cache. An index finds entries by a term other than their key. It is built during the replay, and its memory
/// counts towards the store's budget. If a cache has an index, values are decoded as they arrive.</summary>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class CacheIndexes<TValue>
{
    private readonly List<IIndexDefinition<TValue>> _all = [];

    /// <summary>Whether the keys are kept in the order of their bytes, for <c>ScanPrefix</c> and <c>ScanRange</c>. Default:
    /// <see langword="false"/>.</summary>
    public bool OrderKeys { get; set; }

    internal IReadOnlyList<IIndexDefinition<TValue>> All => _all;

    /// <summary>Adds an index with one term for each entry. The term should be unique, like an email address.</summary>
    /// <typeparam name="TTerm">The type of the terms. It must implement equality.</typeparam>
    /// <param name="name">The name of the index in the status and in errors. No two indexes of a cache may have the same name.</param>
    /// <param name="term">Returns the term of a value. It must be a pure function, and may be called on any thread. An entry whose term is
    /// <see langword="null"/> is not in the index. If the function throws, the record is a record error
    /// (<see cref="RecordErrorReason.SelectorThrew"/>).</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public CacheIndex<TTerm> AddUnique<TTerm>(string name, Func<TValue, TTerm> term)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(term);
        return Keep(new UniqueDefinition<TValue, TTerm>(name, term));
    }

    /// <summary>Adds an index with any number of terms for each entry, such as the groups of a user.</summary>
    /// <typeparam name="TTerm">The type of the terms. It must implement equality.</typeparam>
    /// <param name="name">The name of the index in the status and in errors. No two indexes of a cache may have the same name.</param>
    /// <param name="terms">Returns the terms of a value; <see langword="null"/> means none. It must be a pure function, and may be called
    /// on any thread. If the function throws, the record is a record error (<see cref="RecordErrorReason.SelectorThrew"/>).</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public CacheIndex<TTerm> Add<TTerm>(string name, Func<TValue, IEnumerable<TTerm>?> terms)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(terms);
        return Keep(new MultiDefinition<TValue, TTerm>(name, terms));
    }

    /// <summary>Returns a copy for a cache, which creates its indexes again at each rebuild.</summary>
    internal CacheIndexes<TValue> Copy()
    {
        var copy = new CacheIndexes<TValue> { OrderKeys = OrderKeys };
        copy._all.AddRange(_all);
        return copy;
    }

    private IndexDefinition<TValue, TTerm> Keep<TTerm>(IndexDefinition<TValue, TTerm> definition)
    {
        _all.Add(definition);
        return definition;
    }
}
