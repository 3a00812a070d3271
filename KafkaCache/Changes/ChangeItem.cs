namespace KafkaCaching.Changes;

/// <summary>What a watcher's queue holds: a batch of changes, or a difference that is still being computed.</summary>
internal abstract class ChangeItem
{
    /// <summary>How many changes wait in it, as far as that is known.</summary>
    public abstract int Count { get; }
}
