namespace KafkaCaching.Views;

/// <summary>The state of one key in a watch, with the related entries on which the joined value depends.</summary>
/// <param name="related">The related caches of the view, as the watch follows them.</param>
internal abstract class ViewRow(FollowedCache[] related)
{
    private List<Dependency> _dependencies = [];

    public FollowedCache[] Related => related;

    /// <summary>Records that the value that is being joined depends on an entry.</summary>
    public void DependOn(FollowedEntry entry) => _dependencies.Add(new Dependency(entry, entry.Dependents.AddLast(this)));

    /// <summary>Called when the row has been removed.</summary>
    public void Drop() => Drop(Renew());

    protected List<Dependency> Renew()
    {
        var before = _dependencies;
        _dependencies = [];
        return before;
    }

    protected static void Drop(List<Dependency> dependencies)
    {
        foreach (var (entry, place) in dependencies)
        {
            entry.Dependents.Remove(place);
            if (entry.Dependents.Count == 0)
                entry.Drop();
        }
    }

    protected readonly record struct Dependency(FollowedEntry Entry, LinkedListNode<ViewRow> Place);
}

/// <inheritdoc/>
internal sealed class ViewRow<TKey, TSource, TView>(TKey key, FollowedCache[] related) : ViewRow(related)
{
    public TKey Key => key;

    public TSource Source { get; private set; } = default!;

    /// <summary>The value that was reported last.</summary>
    public TView View { get; private set; } = default!;

    // The old dependencies are dropped last, so that an entry that is still needed is not dropped and read again.
    public void Join(TSource source, Func<TSource, ViewRow?, TView> join)
    {
        var before = Renew();
        (Source, View) = (source, join(source, this));
        Drop(before);
    }
}
