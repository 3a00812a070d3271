using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching.Views;

/// <summary>Follows a related cache for one watch of a view. It holds the entries that the watch's values were joined with. Every value is
/// joined with the entry that is held here, until a change of the cache replaces that entry.</summary>
internal abstract class FollowedCache : IAsyncDisposable
{
    public abstract ChangeReader Changes { get; }

    public abstract string Name { get; }

    /// <summary>The position of the change that was taken last, and whether the cache was rebuilt.</summary>
    public abstract (CachePosition Position, bool FromRebuild) Cause { get; }

    /// <summary>Processes the change that has been read.</summary>
    /// <returns>The rows that have to be joined again.</returns>
    public abstract IReadOnlyCollection<ViewRow> Take();

    public ValueTask DisposeAsync() => Changes.DisposeAsync();
}

/// <inheritdoc/>
/// <remarks>An entry is first registered here and then read, whereas the watch's filter looks it up here after the cache has applied a
/// change. Therefore, either the read sees the change, or the filter finds the entry and the watch reports the change. The watch also
/// reports conflated changes that lead back to the previous value, because the read may have found a value that existed in the meantime.
/// Only the set of registered entries is shared between threads.</remarks>
internal sealed class FollowedCache<TForeignKey, TRelated> : FollowedCache
    where TForeignKey : notnull
{
    private readonly IReadOnlyKafkaCache<TForeignKey, TRelated> _cache;
    private readonly ConcurrentDictionary<TForeignKey, Entry> _entries = new(KeyEquality<TForeignKey>.Comparer);
    private readonly ChangeReader<TForeignKey, TRelated> _changes;

    public FollowedCache(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, WatchOverflow overflow, int maxPending, CancellationToken cancellationToken)
    {
        var options = new WatchOptions<TForeignKey>
        {
            SkipInitial = true, Where = _entries.ContainsKey, Overflow = overflow, MaxPending = maxPending,
        };
        _cache = cache;
        _changes = new ChangeReader<TForeignKey, TRelated>(
            cache.WatchAsync(options, cancellationToken).GetAsyncEnumerator(cancellationToken));
    }

    public override ChangeReader Changes => _changes;

    public override string Name => _cache.Name;

    public override (CachePosition Position, bool FromRebuild) Cause => (_changes.Current.Position, _changes.Current.FromRebuild);

    /// <summary>Looks up an entry for a row. From now on, the row depends on the entry.</summary>
    public bool TryFind(TForeignKey key, ViewRow row, [MaybeNullWhen(false)] out TRelated found)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries[key] = entry = new Entry(this, key);
            entry.Current = Read(key);
        }

        row.DependOn(entry);
        found = entry.Current is { } current ? current.Value : default;
        return entry.Current is not null;
    }

    // The cache may be ahead of the change. Its current entry is used, and the changes that lead to this entry then report nothing.
    public override IReadOnlyCollection<ViewRow> Take()
    {
        var change = _changes.Current;
        if (change.Kind == CacheChangeKind.Ready || !_entries.TryGetValue(change.Key, out var entry))
            return [];
        var current = Read(change.Key);
        if (IsSame(entry.Current, current, change.FromRebuild))
            return [];
        entry.Current = current;
        return [.. entry.Dependents.Distinct()];
    }

    // A quarantined entry counts as missing, as in the watch of its cache. If the second read throws too, the cause is another error, or
    // the key has been quarantined again in the meantime.
    private CacheEntry<TRelated>? Read(TForeignKey key)
    {
        try
        {
            return ReadGood(key);
        }
        catch (RecordErrorException)
        {
            return IsQuarantined(key) ? null : ReadGood(key);
        }
    }

    private CacheEntry<TRelated>? ReadGood(TForeignKey key) => _cache.TryGetEntry(key, out var entry) ? entry : null;

    // Nothing is decoded here, so the only possible record error is the quarantine.
    private bool IsQuarantined(TForeignKey key)
    {
        try
        {
            _ = _cache.ContainsKey(key);
            return false;
        }
        catch (RecordErrorException)
        {
            return true;
        }
    }

    // The log of a topic that was recreated may have another value at the same position.
    private static bool IsSame(in CacheEntry<TRelated>? one, in CacheEntry<TRelated>? other, bool fromRebuild) =>
        one is { } a && other is { } b
            ? a.Position == b.Position && a.Timestamp == b.Timestamp
                && (!fromRebuild || EqualityComparer<TRelated>.Default.Equals(a.Value, b.Value))
            : one is null && other is null;

    private sealed class Entry(FollowedCache<TForeignKey, TRelated> owner, TForeignKey key) : FollowedEntry
    {
        public CacheEntry<TRelated>? Current { get; set; }

        public override void Drop() => owner._entries.TryRemove(key, out _);
    }
}
