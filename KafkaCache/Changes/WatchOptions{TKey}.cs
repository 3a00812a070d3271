namespace KafkaCaching;

/// <summary>Options of a watch: which changes it reports, and what happens when the watcher is slow.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed record WatchOptions<TKey>
    where TKey : notnull
{
    private const int PendingLimit = 10_000_000;

    /// <summary>A prefix: only keys whose encoding begins with these bytes are reported. Default: none, which means all keys.</summary>
    public ReadOnlyMemory<byte> KeyPrefix { get; init; }

    /// <summary>A filter: only keys for which it returns <see langword="true"/> are reported. It is called on the watcher's thread, never
    /// on the replay thread. Default: all keys.</summary>
    public Func<TKey, bool>? Where { get; init; }

    /// <summary>What happens when the watcher is slow. Default: <see cref="WatchOverflow.Conflate"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public WatchOverflow Overflow
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Overflow must be Conflate, Fail or Wait.");
    }

    /// <summary>The number of changes that may be pending before <see cref="Overflow"/> applies. Changes that the filters leave out count
    /// too, because the filters run only when the watcher takes a change. Range: 1 to 10,000,000. Default: 10,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of the range.</exception>
    public int MaxPending
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, PendingLimit);
            field = value;
        }
    }

    = 10_000;

    /// <summary>Whether the initial content is left out. The watch then begins with <see cref="CacheChangeKind.Ready"/>. Since such a
    /// watcher reads the cache itself, every key that has changed is reported. If changes are conflated, this includes keys whose entry, or
    /// lack of an entry, is again the same as before. Default: <see langword="false"/>.</summary>
    public bool SkipInitial { get; init; }

    /// <summary>Whether changes have a <see cref="CacheChange{TKey, TValue}.Cursor"/>. The cache then also keeps its recent changes (up to
    /// 10,000 changes and 8 MiB) for watchers that resume. Default: <see langword="false"/>.</summary>
    public bool WithCursors { get; init; }

    /// <summary>The cursor of the last change that the watcher has seen. If the changes after it are still kept, the watch begins with
    /// <see cref="CacheChangeKind.Ready"/> and continues with those changes, which don't count as pending for
    /// <see cref="WatchOverflow.Fail"/>. Otherwise it begins with the initial content, even with <see cref="SkipInitial"/>, because the
    /// watcher has missed changes. Default: none.</summary>
    public WatchCursor? ResumeAfter { get; init; }
}
