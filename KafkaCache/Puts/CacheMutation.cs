using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching;

/// <summary>A change of one key. The key may or may not have a value before the change, and after it.</summary>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
public readonly struct CacheMutation<TKey, TValue>
    where TKey : notnull
{
    internal CacheMutation(TKey key, bool hasPrevious, TValue? previous, bool hasNext, TValue? next)
    {
        Key = key;
        HasPrevious = hasPrevious;
        Previous = previous;
        HasNext = hasNext;
        Next = next;
    }

    /// <summary>The key that changes.</summary>
    public TKey Key { get; }

    /// <summary>Whether the key has a value before the change. A quarantined key has none.</summary>
    [MemberNotNullWhen(true, nameof(Previous))]
    public bool HasPrevious { get; }

    /// <summary>The value before the change, if <see cref="HasPrevious"/> is <see langword="true"/>.</summary>
    public TValue? Previous { get; }

    /// <summary>Whether the key has a value after the change; <see langword="false"/> for a deletion.</summary>
    [MemberNotNullWhen(true, nameof(Next))]
    public bool HasNext { get; }

    /// <summary>The value after the change, if <see cref="HasNext"/> is <see langword="true"/>.</summary>
    public TValue? Next { get; }
}
