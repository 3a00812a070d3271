using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching.Jobs;

/// <summary>One version of a refreshed cache: all of its rows as one fetch returned them. It is immutable, so code that holds a snapshot
/// sees the same version throughout. Safe to use from any thread.</summary>
/// <typeparam name="TKey">The type of the IDs.</typeparam>
/// <typeparam name="TRow">The type of the rows.</typeparam>
public sealed class Snapshot<TKey, TRow>
    where TKey : notnull
{
    private readonly FrozenDictionary<TKey, TRow> _rows;
    private readonly FrozenDictionary<string, FrozenDictionary<object, IReadOnlyList<TRow>>> _groups;

    internal Snapshot(
        long version, DateTimeOffset fetchedAt, FrozenDictionary<TKey, TRow> rows, IReadOnlyList<TKey> keys, IReadOnlyList<TRow> items,
        FrozenDictionary<string, FrozenDictionary<object, IReadOnlyList<TRow>>> groups)
    {
        (Version, FetchedAt, _rows, Keys, Items, _groups) = (version, fetchedAt, rows, keys, items, groups);
    }

    /// <summary>The number of this version. Each refresh increases it by 1.</summary>
    public long Version { get; }

    /// <summary>When the fetch of this version began, by the clock of the instance that fetched it. The rows are at least that
    /// recent.</summary>
    public DateTimeOffset FetchedAt { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Items.Count;

    /// <summary>The rows, in the order of the option <c>OrderBy</c>, or in the order of their encoded IDs without that option.</summary>
    public IReadOnlyList<TRow> Items { get; }

    /// <summary>The IDs of <see cref="Items"/>, in the same order.</summary>
    public IReadOnlyList<TKey> Keys { get; }

    /// <summary>Finds a row.</summary>
    /// <param name="key">The ID of the row.</param>
    /// <returns>The row, or <c>default(TRow)</c> if there is no row with this ID.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    public TRow? Find(TKey key) => _rows.TryGetValue(key, out var row) ? row : default;

    /// <summary>Tries to find a row.</summary>
    /// <param name="key">The ID of the row.</param>
    /// <param name="row">The row, if there is one.</param>
    /// <returns>Whether there is a row with this ID.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TRow row) => _rows.TryGetValue(key, out row);

    /// <summary>The rows of one group, in the order of <see cref="Items"/>.</summary>
    /// <typeparam name="TGroup">The type of the group's values, as the option declares it.</typeparam>
    /// <param name="name">The name that was given to the option <c>Group</c>.</param>
    /// <param name="value">The value.</param>
    /// <returns>The rows; none if no row has the value.</returns>
    /// <exception cref="ArgumentException">There is no group of this name.</exception>
    public IReadOnlyList<TRow> Group<TGroup>(string name, TGroup value)
        where TGroup : notnull
    {
        ArgumentNullException.ThrowIfNull(value);
        return Values(name).TryGetValue(value, out var rows) ? rows : [];
    }

    /// <summary>The values that occur in a group.</summary>
    /// <typeparam name="TGroup">The type of the group's values, as the option declares it.</typeparam>
    /// <param name="name">The name that was given to the option <c>Group</c>.</param>
    /// <returns>The values, in no particular order.</returns>
    /// <exception cref="ArgumentException">There is no group of this name.</exception>
    public IEnumerable<TGroup> GroupValues<TGroup>(string name)
        where TGroup : notnull => Values(name).Keys.Cast<TGroup>();

    internal Snapshot<TKey, TRow> As(long version, DateTimeOffset fetchedAt) => new(version, fetchedAt, _rows, Keys, Items, _groups);

    private FrozenDictionary<object, IReadOnlyList<TRow>> Values(string name) => _groups.TryGetValue(name, out var values)
        ? values
        : throw new ArgumentException(
            $"There is no group '{name}'. Declare it with options.Group(\"{name}\", ...); there are: {string.Join(", ", _groups.Keys)}.",
            nameof(name));
}
