namespace KafkaCaching.Views;

/// <summary>All rows of a watch. Every value is joined from the entries that the watch knows, and each row holds the value that was
/// reported last.</summary>
internal sealed class ViewRows<TKey, TSource, TView>(string source, FollowedCache[] related, Func<TSource, ViewRow?, TView> join)
    where TKey : notnull
{
    private readonly Dictionary<TKey, ViewRow<TKey, TSource, TView>> _rows = new(KeyEquality<TKey>.Comparer);

    /// <summary>Processes a change of the first cache.</summary>
    public ViewChange<TKey, TView> Take(in CacheChange<TKey, TSource> change)
    {
        if (change.Kind == CacheChangeKind.Ready)
            return new ViewChange<TKey, TView>(CacheChangeKind.Ready, default!, default, default, Cache: null, default, FromRebuild: false);
        var row = _rows.GetValueOrDefault(change.Key);
        var previous = row is null ? default : row.View;
        if (change.Current is not { } current)
        {
            _rows.Remove(change.Key);
            row?.Drop();
            return Report(change, previous, current: default);
        }

        if (row is null)
            _rows.Add(change.Key, row = new ViewRow<TKey, TSource, TView>(change.Key, related));
        row.Join(current.Value, join);
        return Report(change, previous, row.View);
    }

    /// <summary>Joins a row again after an entry on which it depends has changed.</summary>
    public ViewChange<TKey, TView> JoinAgain(ViewRow<TKey, TSource, TView> row, FollowedCache changed)
    {
        var previous = row.View;
        row.Join(row.Source, join);
        var (position, fromRebuild) = changed.Cause;
        return new ViewChange<TKey, TView>(CacheChangeKind.Set, row.Key, previous, row.View, changed.Name, position, fromRebuild);
    }

    private ViewChange<TKey, TView> Report(in CacheChange<TKey, TSource> change, TView? previous, TView? current) =>
        new(change.Kind, change.Key, previous, current, source, change.Position, change.FromRebuild);
}
