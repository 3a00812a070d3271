namespace KafkaCaching.Views;

/// <summary>An entry of a related cache, or that there is none, as a watch knows it.</summary>
internal abstract class FollowedEntry
{
    /// <summary>The rows whose values were joined with the entry. A row that is joined with it twice is there twice.</summary>
    public LinkedList<ViewRow> Dependents { get; } = [];

    /// <summary>No row depends on the entry any more.</summary>
    public abstract void Drop();
}
