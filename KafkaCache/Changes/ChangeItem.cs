namespace KafkaCaching.Changes;

/// <summary>An item of a watcher's queue: a batch of changes, or a difference that is still being computed.</summary>
internal abstract class ChangeItem
{
    /// <summary>The number of pending changes in the item, or 0 if it is not known yet.</summary>
    public abstract int Count { get; }
}
