namespace KafkaCaching.Store.Capture;

/// <summary>The entries of a store as they were at one moment, read group by group in the order of the index while the writer continues. It
/// is used by one thread, which is not the writer's.</summary>
internal abstract class EntryCapture : IDisposable
{
    /// <summary>The number of buckets of the index whose order the groups follow, a power of two.</summary>
    public abstract long Buckets { get; }

    /// <summary>The first bucket of the current group.</summary>
    public abstract long FirstBucket { get; }

    /// <summary>The entries of the current group, which is a number of whole buckets.</summary>
    public abstract PackedEntries Group { get; }

    /// <summary>Entries of later groups that the writer has overwritten since the last group. They won't be returned again.</summary>
    public abstract PackedEntries Early { get; }

    /// <summary>The reason for which the capture is useless; <see cref="CaptureEnd.None"/> if it is usable.</summary>
    public abstract CaptureEnd End { get; }

    /// <summary>Moves to the next group. Returns false at the end, or when the capture is useless.</summary>
    public abstract bool MoveNext();

    /// <inheritdoc/>
    public abstract void Dispose();
}
