namespace KafkaCaching.Views;

/// <summary>The entry of a related cache that a watch knows for a key. The key may also have no entry.</summary>
internal abstract class FollowedEntry
{
    /// <summary>The rows whose values were joined with the entry. A row that is joined with the entry twice is listed twice.</summary>
    public LinkedList<ViewRow> Dependents { get; } = [];

    /// <summary>Called when no row depends on the entry any longer.</summary>
    public abstract void Drop();
}
