namespace KafkaCaching.Views;

/// <summary>An entry of a related cache, or the lack of one, as a watch knows it.</summary>
internal abstract class FollowedEntry
{
    /// <summary>The rows whose values were joined with the entry. A row that is joined with the entry twice is listed twice.</summary>
    public LinkedList<ViewRow> Dependents { get; } = [];

    /// <summary>Called when no row depends on the entry any longer.</summary>
    public abstract void Drop();
}
