namespace KafkaCaching.AspNetCore.Watch;

/// <summary>The data of an event of a watch. The event's type is the kind of change, and its ID is the cursor after the event.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The current value; <see langword="null"/> if the key no longer has one.</param>
/// <param name="Position">The position of the record that caused the change.</param>
/// <param name="Timestamp">The timestamp of the value's record; <see langword="null"/> without a value.</param>
/// <param name="FromRebuild">Whether the event is part of the difference that a rebuild of the cache made.</param>
internal sealed record WatchEvent<TKey, TValue>(TKey Key, TValue? Value, string Position, DateTimeOffset? Timestamp, bool FromRebuild)
    where TKey : notnull
{
    public static WatchEvent<TKey, TValue> Of(in CacheChange<TKey, TValue> change) => new(
        change.Key, change.Current is { } current ? current.Value : default, change.Position.ToString(), change.Current?.Timestamp,
        change.FromRebuild);
}
