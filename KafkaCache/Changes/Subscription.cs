namespace KafkaCaching.Changes;

/// <summary>A watcher's registration with the <see cref="ChangeFeed"/>.</summary>
/// <param name="queue">Receives the changes.</param>
/// <param name="keepsRecent">Whether recent changes are kept from now on.</param>
/// <param name="resumeAfter">The cursor at which an earlier watch ended, if this watch resumes it.</param>
internal sealed class Subscription(ChangeQueue queue, bool keepsRecent = false, WatchCursor? resumeAfter = null)
{
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IWatchable? _content;

    public ChangeQueue Queue => queue;

    public bool KeepsRecent => keepsRecent || resumeAfter is not null;

    public WatchCursor? ResumeAfter => resumeAfter;

    /// <summary>A task that completes when the watcher has joined, or fails with the exception that ended the cache.</summary>
    public Task Joined => _joined.Task;

    /// <summary>The generation that was serving when the watcher joined. It is retained until <see cref="ReleaseContent"/>. A watcher keeps
    /// no other reference to it, because a watch may outlive many generations, and their stores would stay in memory.</summary>
    /// <exception cref="InvalidOperationException">The watcher has not joined, or has released the generation.</exception>
    public IWatchable Content => _content ?? throw new InvalidOperationException("The watcher holds no generation now.");

    /// <summary>The positions of the content when the watcher joined, or of the cursor after which it resumes.</summary>
    public long[] Positions { get; private set; } = [];

    /// <summary>The ID of the <see cref="RecentChanges"/> that the watcher's cursors refer to, if recent changes are kept.</summary>
    public string? RecentId { get; private set; }

    /// <summary>Whether the queue begins with the changes after the cursor.</summary>
    public bool Resumes { get; private set; }

    public void Join(IWatchable content, string? recentId, WatchCursor? resumesAfter)
    {
        content.Retain();
        _content = content;
        (RecentId, Resumes) = (recentId, resumesAfter is not null);
        Positions = resumesAfter is null ? content.Positions.Snapshot() : [.. resumesAfter.Positions];
        _joined.TrySetResult();
    }

    public void Fail(Exception error) => _joined.TrySetException(error);

    public void ReleaseContent() => Interlocked.Exchange(ref _content, null)?.Release();
}
