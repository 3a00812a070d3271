namespace KafkaCaching.Store.Capture;

/// <summary>The entries of a store as they were at one moment. They are read group by group, in the order of the index, while the writer
/// continues. The capture is used by one thread other than the writer's.</summary>
internal abstract class EntryCapture : IDisposable
{
    /// <summary>The number of buckets in the index, a power of two. The groups are in the order of the buckets.</summary>
    public abstract long Buckets { get; }

    /// <summary>The first bucket of the current group.</summary>
    public abstract long FirstBucket { get; }

    /// <summary>The entries of the current group, which consists of whole buckets.</summary>
    public abstract PackedEntries Group { get; }

    /// <summary>Entries of later groups that the writer has overwritten since the last group. They are not returned again.</summary>
    public abstract PackedEntries Early { get; }

    /// <summary>The reason why the capture is unusable; <see cref="CaptureEnd.None"/> if it is usable.</summary>
    public abstract CaptureEnd End { get; }

    /// <summary>Moves to the next group. Returns false at the end, or if the capture is unusable.</summary>
    public abstract bool MoveNext();

    /// <inheritdoc/>
    public abstract void Dispose();
}
